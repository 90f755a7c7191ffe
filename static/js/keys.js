// The keyboard map. Single letters act only outside fields and can be switched off per person.
{
  const { $, $$ } = erp
  const press = key => { const el = $$(`[data-key="${key}"]`).find(el => el.checkVisibility()); if (el) el.click(); return !!el }
  const rows = () => $$("#rows tr[data-id]")
  let going = 0, anchor = null

  function step(by) {
    const all = rows(), at = all.findIndex(row => row.contains(document.activeElement))
    const row = all[Math.min(all.length - 1, Math.max(0, at + by))]
    $("a.id", row)?.focus()
  }
  function mark(range) {
    const row = document.activeElement.closest("#rows tr[data-id]"), box = row && $("[name=ids]", row)
    if (!box) return
    const all = rows(), a = all.indexOf(range && anchor ? anchor : row), b = all.indexOf(row)
    for (const each of all.slice(Math.min(a, b), Math.max(a, b) + 1)) $("[name=ids]", each).checked = range || !box.checked
    anchor = row
    erp.fire(box, "change")
  }
  const letters = {
    n: () => press("n"), "/": () => press("/"), a: () => press("a"), r: () => press("r"), "?": () => erp.open("keys"),
    j: () => step(1), k: () => step(-1), x: () => mark(false), X: () => mark(true), g: () => { going = Date.now() },
    e: () => document.activeElement.closest("#rows tr")?.querySelector("a.id").click(),
  }
  // Where G and a letter go stands in the list of keys: one place says it to people and to this script.
  const place = key => $(`#keys [data-go="${CSS.escape(key)}"]`)?.dataset.url

  document.addEventListener("keydown", event => {
    const command = event.ctrlKey || event.metaKey, key = event.key
    if (command && key.toLowerCase() === "k") { event.preventDefault(); return erp.open("palette") }
    if (command && key.toLowerCase() === "s" && $("#doc-form")) { event.preventDefault(); return press("save") }
    if (command && key === "Enter" && !event.defaultPrevented) {
      const form = event.target.closest?.("form[hx-post], form.decide, dialog form")
      if (form && form.id !== "doc-form") return form.requestSubmit()
      const button = $$('[data-key="submit"], #doc-head .pri').find(el => el.checkVisibility())
      // Asks once: the first time it only goes to the button; Enter there submits.
      if (button) { event.preventDefault(); button.focus(); erp.say(erp.word("submit")) }
      return
    }
    if (command || event.altKey || erp.inField(event.target) || $("dialog[open]") || localStorage.letters === "off") return
    const goal = Date.now() - going < 1500 && place(key.toLowerCase())
    going = 0
    if (goal) { event.preventDefault(); return location.assign(goal) }
    if (letters[key]) { letters[key](); event.preventDefault() }
  })
}
