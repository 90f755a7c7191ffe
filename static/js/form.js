// A form keeps what is typed on the server, shows what the server computes from it, and never loses typing to a live change.
{
  const { $, $$ } = erp
  const form = () => $("#doc-form")
  let timer = 0, dirty = false, pending = false
  erp.dirty = () => dirty

  function body() {
    const data = new FormData(form())
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
    // The key belongs to the save; what is only kept must not use it up.
    for (const name of ["idempotency_key", "csrf_token"]) data.delete(name)
    return new URLSearchParams(data)
  }
  // What the server could not keep waits in this tab, for the same person and page, and is sent again when it can be.
  const spot = `typed:${document.body.dataset.user}:${location.pathname}`
  function waiting(text) {
    try { return text === undefined ? sessionStorage.getItem(spot) : text ? sessionStorage.setItem(spot, text) : sessionStorage.removeItem(spot) } catch { return null }
  }
  const send = (url, typed) => fetch(url, { method: "POST", body: typed, redirect: "manual", headers: { "HX-Request": "true", "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab } }).catch(() => null)
  async function keep() {
    const url = form()?.dataset.bufferUrl, typed = body()
    if (!url) return false
    pending = false
    const answer = await send(url, typed)
    if (!answer?.ok) {
      const out = answer && [0, 401, 403].includes(answer.status)
      if (!waiting()) erp.toast(erp.word(out ? "signed_out" : "down"), { tone: "bad" })
      waiting(typed.toString())
      clearTimeout(timer)
      if (!out) timer = setTimeout(keep, 4000)
      return false
    }
    waiting("")
    if (pending) return true
    await htmx.swap({ text: await answer.text(), target: document.body, swap: "none", sourceElement: form() })
    messages()
    fills()
    const total = $("#doc-totals dd.g") || $("#doc-totals dd:last-child")
    if (total) erp.say(`${total.previousElementSibling.textContent} ${total.textContent}`)
    return true
  }
  function later(event) {
    const own = form()
    if (!own || (!own.contains(event.target) && event.target.form !== own)) return
    dirty = pending = true
    clearTimeout(timer)
    if (own.dataset.bufferUrl) timer = setTimeout(keep, 400)
  }
  for (const name of ["input", "change"]) document.addEventListener(name, later)
  // A save that did not go out has not let go of what was typed.
  document.addEventListener("unsent", event => { if (event.target === form()) { dirty = pending = true; keep() } })
  document.addEventListener("submit", event => { if (event.target === form()) { clearTimeout(timer); pending = dirty = false } })
  addEventListener("pagehide", () => {
    const url = form()?.dataset.bufferUrl
    if (pending && url) fetch(url, { method: "POST", body: body(), keepalive: true, headers: { "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab } }).catch(() => null)
  })

  const field = path => form()?.elements[path]
  function messages() {
    const found = new Map($$("#buffer-errors [data-path]").map(el => [field(el.dataset.path), el.textContent]))
    for (const el of $$("[aria-invalid]", form())) if (!found.has(el)) mark(el, "")
    found.forEach((text, el) => el?.name && el !== document.activeElement && mark(el, text))
  }
  // What saving would fill in stands in the empty cell as a placeholder: seen, and never typed over.
  function fills() {
    const found = new Map($$("#buffer-fills [data-path]").map(el => [el.dataset.path, el.textContent]))
    for (const el of $$(".lines .in[name]", form())) el.placeholder = found.get(el.name) || ""
  }
  function mark(el, text) {
    let note = document.getElementById(`e-${el.name.replaceAll(".", "-")}`)
    if (!note && text) {
      note = Object.assign(document.createElement("span"), { className: "err", id: `e-${el.name.replaceAll(".", "-")}` })
      notes(el).append(note)
    }
    if (note) { note.textContent = text; note.hidden = !text }
    if (text) { el.setAttribute("aria-invalid", "true"); el.setAttribute("aria-describedby", note.id) } else el.removeAttribute("aria-invalid")
  }
  // Messages of a line stand in a row of their own below it.
  function notes(el) {
    const row = el.closest(".lines tr[data-key]")
    if (!row || el.closest("[popover]")) return el.closest(".f, td")
    if (!row.nextElementSibling.matches(".note")) {
      const below = row.parentElement.insertRow(row.sectionRowIndex + 1)
      below.className = "note"
      below.insertCell()
      below.insertCell().colSpan = row.cells.length - 1
    }
    return row.nextElementSibling.cells[1]
  }
  document.addEventListener("click", event => {
    const el = event.target.closest("#doc-errors [data-path], [data-first-error]")
    if (!el) return
    const target = el.dataset.path ? field(el.dataset.path) : $("[aria-invalid]", form())
    if (!target) return
    event.preventDefault()
    target.closest("details")?.setAttribute("open", "")
    target.focus()
  })

  // Changed elsewhere: a clean page takes it; a page with typing is brought together with it by the server, and where
  // somebody types on meanwhile, his words and his place stay.
  async function meet(el) {
    clearTimeout(timer)
    const answer = await keep() && await fetch(location.pathname, { headers: { "HX-Request": "true" } }).catch(() => null)
    const text = answer?.ok ? await answer.text() : ""
    if (!new DOMParser().parseFromString(text, "text/html").querySelector("#doc-form[data-buffer-url]")) return void ($("#moved").hidden = false)
    const at = document.activeElement, { name, value } = at
    const spot = name && field(name) === at && [at.selectionStart, at.selectionEnd]
    await htmx.swap({ text, target: el, select: "#doc", swap: "outerMorph", sourceElement: el })
    const own = spot && field(name)
    if (own) {
      if (own.value !== value) { own.value = value; pending = true }
      own.focus()
      if (spot[0] !== null) own.setSelectionRange?.(...spot)
    }
    fills()
  }
  document.addEventListener("htmx:before:request", event => {
    const el = event.detail.ctx.sourceElement
    if (el.id !== "doc" || !(dirty || $("[popover]:popover-open", el))) return
    event.preventDefault()
    if (dirty) meet(el)
  })
  document.addEventListener("htmx:after:swap", event => { if (event.detail.ctx.sourceElement?.id === "doc") erp.say(erp.word("updated")) })
  if (form()) fills()
  if (form()?.dataset.bufferUrl && waiting()) {
    send(form().dataset.bufferUrl, new URLSearchParams(waiting())).then(answer => { if (answer?.ok) { waiting(""); location.reload() } })
  }
  if ($("#doc-errors li")) $("[aria-invalid]", form())?.focus()
}
