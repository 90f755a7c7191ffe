// Ctrl K: what this page can do and the pages of the navigation are known already, everything else is asked for.
{
  const { $, $$ } = erp
  const dialog = $("#palette"), input = dialog && $("input", dialog)
  if (dialog) {
    const here = $("#pal-here"), pages = $("#pal-pages")
    const options = () => $$("[role=option]:not([hidden])", dialog)
    const words = el => (el.getAttribute("aria-label") || el.textContent).replace(/\s+/g, " ").trim()
    // Keys stand beside their button for the eye; a name is read without them.
    const name = el => { const copy = el.cloneNode(true); $$("kbd, .end, .n, .vh", copy).forEach(kbd => kbd.remove()); return words(copy) }
    function option(group, label, hint = "") {
      const el = document.createElement("div")
      el.setAttribute("role", "option")
      for (const [css, text] of [["", label], ["end", hint]]) if (text) el.append(Object.assign(document.createElement("span"), { className: css, textContent: text }))
      group.append(el)
      return el
    }
    for (const link of $$("#nav a[href]:not([href^='#'])")) option(pages, name(link)).dataset.href = link.href

    // Read when the palette opens, because the buttons of a document change with it.
    function look() {
      $$("[role=option]", here).forEach(el => el.remove())
      for (const el of $$("main .head .acts :is(a, button), main .tools .end button, main [data-key='/'], #me :is(a, button)")) {
        if (!el.matches(".down, [popovertarget=doc-menu], [popovertargetaction], .acts .ask *")) {
          const made = option(here, name(el))
          made.erp = () => el.click()
          if (el.closest("#me")) made.dataset.rare = ""
        }
      }
      for (const label of $$("#doc-form label[for]")) {
        const field = document.getElementById(label.htmlFor)
        if (field && !field.closest(".lines")) Object.assign(option(here, words(label), input.dataset.field), { erp: () => { field.closest("details")?.setAttribute("open", ""); field.focus() } }).dataset.rare = ""
      }
    }
    function pick(el) {
      $$("[role=option]", dialog).forEach((each, n) => { each.id = `pal-o${n}`; each.setAttribute("aria-selected", each === el) })
      input.setAttribute("aria-activedescendant", el?.id || "")
      el?.scrollIntoView({ block: "nearest" })
    }
    function filter() {
      const only = input.value.startsWith(">"), typed = input.value.toLowerCase().replace(/^>/, "").split(/\s+/).filter(Boolean)
      for (const group of [here, pages]) {
        const all = $$("[role=option]", group)
        for (const el of all) el.hidden = !typed.every(word => el.textContent.toLowerCase().includes(word)) || (only && group === pages) || (!typed.length && "rare" in el.dataset)
        group.hidden = all.every(el => el.hidden)
      }
      if (!input.value.trim()) $("#pal-found").replaceChildren()
      known()
      pick(options()[0])
    }
    // What the server finds and stands above already is shown once.
    function known() {
      const shown = new Set($$("[role=option]:not([hidden])", pages).map(el => new URL(el.dataset.href).pathname))
      for (const el of $$("#pal-found [role=option]")) el.hidden = shown.has(el.dataset.href)
      for (const group of $$("#pal-found [role=group]")) group.hidden = $$("[role=option]", group).every(el => el.hidden)
    }
    function go(el, apart) {
      if (!el) return
      if (!el.erp) return apart ? window.open(el.dataset.href) : location.assign(el.dataset.href)
      dialog.close()
      el.erp()
    }
    input.addEventListener("input", filter)
    input.addEventListener("htmx:config:request", event => { if (!input.value.trim()) event.preventDefault() })
    dialog.addEventListener("htmx:after:swap", filter)
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
    new MutationObserver(() => { if (dialog.open) { look(); input.select(); filter() } }).observe(dialog, { attributeFilter: ["open"] })
  }
}
