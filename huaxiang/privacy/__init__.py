"""Erasing a customer and proving it: holders of customer data, residual scan, receipts, suppression, backup, export."""
