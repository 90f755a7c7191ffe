// A link field: type, choose from what the server finds, or create. Without this script the server resolves the text.
{
  const { $, $$ } = erp
  let list = null, input = null, timer = 0, asked = 0

  // The list belongs to the field that has the focus; there is one on a page at a time.
  function attach(el) {
    input = el
    if (el.dataset.send && !el.nextElementSibling?.matches("[data-carrier]")) {
      const carrier = Object.assign(document.createElement("input"), { type: "hidden", name: el.name, value: el.dataset.id || el.value })
      carrier.dataset.carrier = ""
      el.removeAttribute("name")
      el.after(carrier)
    }
    if (el.getAttribute("role") === "combobox") return
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"]]) el.setAttribute(name, value)
  }
  function open(html) {
    if (!list) {
      list = Object.assign(document.createElement("div"), { className: "menu link-list", id: "link-list" })
      list.setAttribute("role", "listbox")
      list.addEventListener("mousedown", event => { event.preventDefault(); choose(event.target.closest("[role=option]")) })
    }
    list.innerHTML = html
    list.setAttribute("aria-label", input.getAttribute("aria-label") || input.labels?.[0]?.textContent || "")
    options().forEach((el, n) => { el.id = `lo-${n}` })
    input.parentElement.append(list)
    list.hidden = false
    input.setAttribute("aria-expanded", "true")
    input.setAttribute("aria-controls", "link-list")
    pick(options()[0])
  }
  function close() {
    clearTimeout(timer)
    asked++
    if (!list || list.hidden) return
    list.hidden = true
    input?.setAttribute("aria-expanded", "false")
    input?.removeAttribute("aria-activedescendant")
    input?.removeAttribute("aria-controls")
  }
  const options = () => $$("[role=option]", list)
  const picked = () => options().find(el => el.getAttribute("aria-selected") === "true")
  function pick(el) {
    options().forEach(each => each.setAttribute("aria-selected", each === el))
    if (el) { input.setAttribute("aria-activedescendant", el.id); el.scrollIntoView({ block: "nearest" }) }
  }
  async function ask(text) {
    const mine = ++asked
    const url = `/link/${input.dataset.link}?` + new URLSearchParams({ q: text, company: company() })
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null)
    if (answer?.ok && mine === asked && document.activeElement === input) open(await answer.text())
  }
  function company() {
    const form = input.form?.elements
    return form?.["company.id"]?.value || form?.company?.dataset.id || form?.company?.value || ""
  }
  const around = part => input.form?.elements[`${input.name}.${part}`]
  function put(id, text) {
    input.value = text
    if (around("id")) { around("id").value = id; around("was").value = text }
    const carrier = input.nextElementSibling
    if (carrier && "carrier" in carrier.dataset) carrier.value = `${input.dataset.send}:${id}`
    close()
    for (const name of ["input", "change"]) input.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { chosen: true } }))
  }
  async function choose(el) {
    if (!el) return
    if (!("create" in el.dataset)) return put(el.dataset.id, el.dataset.text)
    const field = input
    close()
    const answer = await send(`/link/${field.dataset.link}/new?` + new URLSearchParams({ name: field.value }))
    if (answer.ok) dialog(await answer.text(), field)
    else erp.toast(erp.word("refused"), { tone: "bad" })
  }
  const send = (url, body) => fetch(url, { method: body ? "POST" : "GET", headers: { "HX-Request": "true", "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab }, body })
    .catch(() => new Response("", { status: 503 }))

  // A new record is made in a dialog of its own; closing it goes back to the field as it was.
  function dialog(html, field) {
    $("#quick")?.remove()
    document.body.insertAdjacentHTML("beforeend", html)
    const box = $("#quick")
    box.addEventListener("close", () => { box.remove(); field.focus(); field.select() })
    box.addEventListener("submit", async event => {
      event.preventDefault()
      const button = event.submitter || $(".pri", box)
      if (button.classList.contains("busy")) return
      button.classList.add("busy")
      const answer = await send(event.target.action, new URLSearchParams(new FormData(event.target))), text = await answer.text()
      button.classList.remove("busy")
      if (answer.status === 422) return dialog(text, field)
      const made = answer.ok && new DOMParser().parseFromString(text, "text/html").querySelector("[data-id]")
      if (!made) return erp.toast(erp.word("down"), { tone: "bad" })
      box.close()
      input = field
      put(made.dataset.id, made.dataset.text)
      erp.say(erp.word("created"))
    })
    box.showModal()
    const fields = $$(".in", box)
    ;(fields.find(el => el.getAttribute("aria-invalid") || (el.required || el.ariaRequired) && !el.value) || fields[0] || $("h2", box)).focus()
  }

  document.addEventListener("focusin", event => event.target.matches?.("[data-link]") && attach(event.target))
  document.addEventListener("focusout", event => event.target === input && close())
  document.addEventListener("input", event => {
    if (event.target !== input || event.detail?.chosen) return
    if (around("id") && input.value !== around("was").value) around("id").value = ""
    const carrier = input.nextElementSibling
    if (carrier && "carrier" in carrier.dataset) carrier.value = input.value
    clearTimeout(timer)
    if (input.value.trim()) timer = setTimeout(ask, 120, input.value)
    else close()
  })
  document.addEventListener("keydown", event => {
    if (event.target !== input || event.isComposing) return
    const shown = list && !list.hidden && input.getAttribute("aria-expanded") === "true"
    if (event.key === "ArrowDown" && !shown) { if (event.altKey || !input.closest(".grid")) { event.preventDefault(); ask("") } return }
    if (!shown) return
    const all = options(), at = all.indexOf(picked())
    if (/^Arrow(Up|Down)$/.test(event.key)) pick(all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length])
    else if (event.key === "Escape") close()
    else if (event.key === "Enter") choose(event.ctrlKey ? $("[data-create]", list) || picked() : picked())
    else if (event.key === "Tab" && picked() && !("create" in picked().dataset)) return choose(picked())
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }, true)
}
