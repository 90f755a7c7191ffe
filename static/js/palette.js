// Ctrl K: pages are known already, records are asked for.
{
  const { $, $$ } = erp
  const dialog = $("#palette"), input = dialog && $("input", dialog)
  if (dialog) {
    const options = () => $$("[role=option]:not([hidden])", dialog)
    const pages = $$("#nav a[href]:not([href^='#']), a[data-key=n]").map((link, n) => {
      const el = document.createElement("div")
      Object.assign(el, { role: "option", id: `pal-${n}`, textContent: link.textContent.replace(/\s+/g, " ").trim().replace(/ N$/, "") })
      el.dataset.href = link.href
      el.dataset.act = link.dataset.key || ""
      $("#pal-pages").append(el)
      return el
    })
    function pick(el) {
      options().forEach((each, n) => { each.id ||= `pal-o${n}`; each.setAttribute("aria-selected", each === el) })
      input.setAttribute("aria-activedescendant", el?.id || "")
      el?.scrollIntoView({ block: "nearest" })
    }
    function filter() {
      const text = input.value.toLowerCase().replace(/^>\s*/, ""), only = input.value.startsWith(">")
      for (const el of pages) el.hidden = !el.textContent.toLowerCase().includes(text) || (only && !el.dataset.act)
      $("#pal-pages").hidden = pages.every(el => el.hidden)
      if (only || !text) $("#pal-found").replaceChildren()
      pick(options()[0])
    }
    const go = (el, apart) => el && (apart ? window.open(el.dataset.href) : location.assign(el.dataset.href))
    input.addEventListener("input", filter)
    input.addEventListener("htmx:config:request", event => { if (!input.value.trim() || input.value.startsWith(">")) event.preventDefault() })
    dialog.addEventListener("htmx:after:swap", () => pick(options()[0]))
    dialog.addEventListener("click", event => {
      if (event.target === dialog) return dialog.close()
      go(event.target.closest("[role=option]"), event.ctrlKey)
    })
    dialog.addEventListener("keydown", event => {
      const all = options(), at = all.findIndex(el => el.getAttribute("aria-selected") === "true")
      if (/^Arrow(Up|Down)$/.test(event.key)) pick(all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length])
      else if (event.key === "Enter") go(all[at], event.ctrlKey || event.metaKey)
      else return
      event.preventDefault()
    })
    new MutationObserver(() => { if (dialog.open) { input.select(); filter() } }).observe(dialog, { attributeFilter: ["open"] })
  }
}
