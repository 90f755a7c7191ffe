// Writing about a document: whom one may name after @, and files that are pasted or dropped.
{
  const { $, $$ } = erp
  const url = () => $("#doc[data-id]")?.getAttribute("hx-get")
  let box = null, list = null, at = -1, timer = 0

  // What is being named: the word behind the last @ before the cursor.
  const word = el => el.value.slice(0, el.selectionStart).match(/(?:^|[^\w@])@([\w.-]{0,64})$/)
  function close() {
    clearTimeout(timer)
    list?.remove()
    box?.removeAttribute("aria-activedescendant")
    list = null
    at = -1
  }
  async function offer(el) {
    const found = word(el)
    if (!found || !url()) return close()
    const answer = await fetch(`${url()}/mentions?q=${encodeURIComponent(found[1])}`, { headers: { "HX-Request": "true" } }).catch(() => null)
    if (!answer?.ok || word(el)?.[1] !== found[1]) return
    close()
    const html = await answer.text()
    if (!html.includes("<li")) return
    box = el
    list = Object.assign(document.createElement("ul"), { className: "menu mentions", id: "mentions", innerHTML: html })
    list.setAttribute("role", "listbox")
    list.setAttribute("aria-label", el.labels[0].textContent)
    el.after(list)
    el.setAttribute("aria-controls", "mentions")
    choose(0)
  }
  function choose(n) {
    const options = $$("[role=option]", list)
    at = (n + options.length) % options.length
    options.forEach((one, place) => one.setAttribute("aria-selected", place === at))
    box.setAttribute("aria-activedescendant", options[at].id)
  }
  function take(option) {
    const end = box.selectionStart, start = end - word(box)[1].length
    box.setRangeText(`${option.dataset.name} `, start, end, "end")
    close()
    box.focus()
  }
  document.addEventListener("input", event => {
    if (!event.target.matches?.("[data-mentions]")) return
    clearTimeout(timer)
    timer = setTimeout(offer, 120, event.target)
  })
  document.addEventListener("keydown", event => {
    if (!list || event.target !== box) return
    if (event.key === "ArrowDown") choose(at + 1)
    else if (event.key === "ArrowUp") choose(at - 1)
    else if (event.key === "Enter" || event.key === "Tab") take($$("[role=option]", list)[at])
    else if (event.key === "Escape") close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }, true)
  document.addEventListener("pointerdown", event => {
    const option = event.target.closest?.("#mentions [role=option]")
    if (option) { event.preventDefault(); take(option) }
  })
  document.addEventListener("focusout", () => setTimeout(() => list && document.activeElement !== box && close()))

  if (document.activeElement?.matches("[data-mentions]")) offer(document.activeElement)

  // Files pasted into a comment, or dropped beside the document, are attached to it; their names stand in the text.
  async function attach(files, el) {
    const { files: where } = $("#say-form")?.dataset || {}
    for (const file of where ? files : []) {
      const body = new FormData()
      body.append("file", file, file.name)
      const said = erp.toast(erp.word("attaching").replace("{n}", file.name))
      const answer = await fetch(where, { method: "POST", body, headers: { "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab, "HX-Request": "true" } }).catch(() => null)
      said.remove()
      const page = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html")
      if (!answer?.ok) { erp.toast(page.querySelector("[data-toast], [role=alert] p, #doc-errors li")?.textContent.trim() || erp.word("down"), { tone: "bad" }); continue }
      const list = page.querySelector("#files")
      if (list) $("#files").replaceWith(list)
      el?.setRangeText(`${file.name} `, el.selectionStart, el.selectionEnd, "end")
      erp.toast(erp.word("attached").replace("{n}", file.name))
    }
  }
  document.addEventListener("paste", event => {
    const files = [...event.clipboardData?.files || []]
    if (!files.length || !event.target.matches?.("[data-mentions]")) return
    event.preventDefault()
    attach(files, event.target)
  })
  const over = event => event.dataTransfer?.types.includes("Files") && event.target.closest?.(".rail")
  document.addEventListener("dragover", event => {
    const rail = over(event)
    $$(".rail.dropping").forEach(el => el !== rail && el.classList.remove("dropping"))
    if (!rail || !$("#say-form[data-files]")) return
    event.preventDefault()
    rail.classList.add("dropping")
  })
  document.addEventListener("dragleave", event => event.target.closest?.(".rail")?.classList.remove("dropping"))
  document.addEventListener("drop", event => {
    const rail = over(event)
    if (!rail || !$("#say-form[data-files]")) return
    event.preventDefault()
    rail.classList.remove("dropping")
    attach(event.dataTransfer.files, event.target.closest("[data-mentions]"))
  })

  // What is being changed stays open, and keeps what was typed, when the history is fetched again.
  document.addEventListener("htmx:before:swap", () => {
    $$("#timeline details[open][id]").forEach(el => kept.set(el.id, $("textarea", el)?.value))
  })
  const kept = new Map()
  document.addEventListener("htmx:after:swap", () => {
    for (const [id, text] of kept) {
      const el = document.getElementById(id)
      if (el && !id.startsWith("sign-")) el.open = true
      if (el && text !== undefined) $("textarea", el).value = text
    }
    kept.clear()
  })
}
