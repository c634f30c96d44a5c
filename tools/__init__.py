"""What the agent may call, one tool a file. `tools.catalogue` lists them; adapters to frameworks are one file each."""
