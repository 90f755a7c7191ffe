// The few words the other scripts share. No script of ours decides anything: the server does.
window.erp = Object.assign(window.erp || {}, {
  $: (selector, root = document) => root.querySelector(selector),
  $$: (selector, root = document) => [...root.querySelectorAll(selector)],
  words: JSON.parse(document.querySelector("meta[name=words]")?.content || "{}"),
  csrf: document.querySelector("meta[name=csrf-token]")?.content || "",
  tab: erp_tab(),
  say(text) { const el = erp.$("#say"); if (el) el.textContent = text },
  word(key, n) { return (erp.words[key] || key).replace("{n}", n) },
  inField: el => !!el?.closest?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]"),
  fire: (el, name, detail) => el.dispatchEvent(new CustomEvent(name, { bubbles: true, detail })),
})

// The page's own opaque name, sent with every request, so that a page can ignore the echo of what it did.
function erp_tab() {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), byte => byte.toString(36)).join("")
}

document.addEventListener("htmx:config:request", event => {
  event.detail.ctx.request.headers["X-Tab"] = erp.tab
})
