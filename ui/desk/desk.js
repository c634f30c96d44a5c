// Runs once in each HTML part of the desk. Clicks on [data-do] become server events; the server never sends scripts.
const events = ['record', 'pick', 'suggest', 'thumb', 'remark', 'lang', 'fresh', 'close', 'overview', 'group'];
const opened = new Map();
let follow = true;

element.addEventListener('click', (event) => {
  const filter = event.target.closest('[data-filter]');
  if (filter) {
    const wanted = filter.dataset.filter;
    filter.parentElement.querySelectorAll('[data-filter]').forEach((one) => one.classList.toggle('on', one === filter));
    const line = filter.closest('.hx-timeline');
    line.querySelectorAll('li[data-kind]').forEach((one) => { one.hidden = Boolean(wanted) && one.dataset.kind !== wanted; });
    line.querySelectorAll('.hx-month').forEach((one) => { one.hidden = !one.querySelector('li[data-kind]:not([hidden])'); });
    return;
  }
  const target = event.target.closest('[data-do]');
  if (!target || target.tagName === 'FORM' || !events.includes(target.dataset.do)) return;
  if (target.dataset.do === 'record') {
    document.querySelectorAll('.hx-cite.on').forEach((one) => one.classList.remove('on'));
    target.classList.add('on');
  }
  if (target.dataset.do === 'suggest' || target.dataset.do === 'pick') follow = true;
  trigger(target.dataset.do, { ...target.dataset });
});

element.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-do]');
  if (!form) return;
  event.preventDefault();
  const text = form.querySelector('input').value.trim();
  if (text) trigger(form.dataset.do, { ...form.dataset, text });
});

// The page keeps open what the reader opened, also while the answer streams in and replaces the HTML.
element.addEventListener('toggle', (event) => {
  const key = event.target.dataset && event.target.dataset.key;
  if (key && event.target.isConnected) opened.set(key, event.target.open);
}, true);
const log = element.closest('#hx-chat');
const bottom = () => log && log.scrollHeight - log.scrollTop - log.clientHeight < 80;
if (log) log.addEventListener('scroll', () => { follow = bottom(); }, { passive: true });
new MutationObserver(() => {
  element.querySelectorAll('details[data-key]').forEach((one) => {
    const wanted = opened.get(one.dataset.key);
    if (wanted !== undefined && one.open !== wanted) one.open = wanted;
  });
  if (log && follow) log.scrollTop = log.scrollHeight;
}).observe(element, { childList: true, subtree: true, characterData: true });

if (element.closest('#hx-overview')) {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && element.querySelector('.hx-overview') && !document.querySelector('.hx-rec')) trigger('close', {});
  });
}
if (element.closest('#hx-drawer')) {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && element.querySelector('.hx-rec')) trigger('close', {});
  });
}
