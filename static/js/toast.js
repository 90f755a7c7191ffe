// Messages that come and go, approval cards, and F6 between them and the work.
{
  const { $, $$ } = erp
  const box = $("#toasts") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "toasts", className: "toasts" }))
  let before = null

  erp.toast = (text, { tone = "ok", undo, url } = {}) => {
    const el = document.createElement("section")
    el.className = `toast line t-${tone}`
    el.innerHTML = "<span></span>"
    el.firstChild.textContent = text
    if (undo) el.append(typeof undo === "string" ? form(undo, erp.word("undo")) : button(erp.word("undo"), () => { el.remove(); undo() }))
    if (url) el.append(Object.assign(document.createElement("a"), { href: url, className: "btn sm mla", textContent: erp.word("open") }))
    box.prepend(el)
    erp.say(text)
    setTimeout(() => el.matches(":hover, :focus-within") || el.remove(), tone === "bad" ? 12000 : undo ? 10000 : 6000)
    return el
  }

  function button(label, act) {
    const el = Object.assign(document.createElement("button"), { type: "button", className: "btn sm mla", textContent: label })
    el.addEventListener("click", act)
    return el
  }
  function form(action, label) {
    const el = Object.assign(document.createElement("form"), { method: "post", action, className: "mla" })
    el.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token", value: erp.csrf }))
    el.append(Object.assign(document.createElement("button"), { className: "btn sm", textContent: label }))
    return el
  }

  // A message for the next page: the page that says it is not the one that did it.
  erp.next = (url, text) => { sessionStorage.said = text; location.assign(url) }
  try {
    if (sessionStorage.said) setTimeout(erp.toast, 0, sessionStorage.said)
    delete sessionStorage.said
  } catch { /* storage may be forbidden; then the next page says nothing */ }

  // What can be taken back for some seconds is offered as long.
  for (const el of $$("[data-leaves]", box)) {
    erp.say(el.textContent.trim())
    setTimeout(() => el.remove(), el.dataset.leaves * 1000)
  }

  // At most two cards; one that would cover the field in use waits until the field is left.
  function arrange() {
    $$(".approval", box).forEach((card, place) => {
      card.hidden = place > 1
      const field = document.activeElement
      if (!card.hidden && erp.inField(field) && !card.contains(field)) {
        const a = card.getBoundingClientRect(), b = field.getBoundingClientRect()
        card.hidden = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
      }
    })
  }
  new MutationObserver(changes => {
    for (const change of changes) for (const el of change.addedNodes) if (el.dataset?.say) erp.say(el.dataset.say)
    arrange()
  }).observe(box, { childList: true })
  document.addEventListener("focusout", () => setTimeout(arrange))

  // Someone decided (here or elsewhere): the card goes everywhere.
  erp.closeApproval = id => $$(`#approval-${id}, #ap-${id}`).forEach(el => el.remove())

  document.addEventListener("click", event => {
    const el = event.target.closest("[data-dismiss], [data-reveal]")
    if (!el) return
    if ("dismiss" in el.dataset) el.closest(".toast, .ban")?.remove()
    const hidden = el.dataset.reveal && document.getElementById(el.dataset.reveal)
    if (hidden && !(hidden.hidden = !hidden.hidden)) $("textarea, input:not([type=hidden])", hidden)?.focus()
  })
  document.addEventListener("keydown", event => {
    if (event.key === "F6") {
      const target = box.contains(document.activeElement) ? before : $(".toast:not([hidden]) .pri", box) || $(".toast:not([hidden]) .btn", box)
      if (!target) return
      event.preventDefault()
      if (!box.contains(document.activeElement)) before = document.activeElement
      target.focus()
    } else if (box.contains(document.activeElement)) {
      const card = document.activeElement.closest(".toast"), letter = !erp.inField(document.activeElement) && localStorage.letters !== "off" && event.key
      if (event.key === "Escape") { card?.remove(); before?.focus() }
      else if (letter === "a") $(".pri", card)?.click()
      else if (letter === "r") $("[data-reveal]", card)?.click()
      else return
      event.preventDefault()
    }
  })
  // A decision that needs a reason asks for it in the field that is there.
  document.addEventListener("click", event => {
    const el = event.target.closest("form button, button[form]")
    const field = el?.form && "decide" in el.form.dataset && el.form.elements.comment
    if (field?.type === "textarea") field.required = "needs" in el.dataset || field.closest("form").action.endsWith("/rejection")
  })
  // Deciding from the card leaves the page one is on alone; deciding in the inbox goes on to the next.
  document.addEventListener("submit", async event => {
    const form = event.target
    if (!("decide" in form.dataset)) return
    event.preventDefault()
    const card = form.closest(".toast, #review, li"), button = event.submitter
    if (card.dataset.sent) return
    card.dataset.sent = "1"
    button?.classList.add("busy")
    const answer = await fetch(button?.getAttribute("formaction") || form.action, { method: "POST", redirect: "manual", headers: { "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab }, body: new URLSearchParams(new FormData(form)) }).catch(() => null)
    if (answer && (answer.ok || answer.type === "opaqueredirect")) {
      const said = button?.dataset.decided || form.dataset.decided
      if (card.id === "review") return erp.next("/approvals", said)
      erp.closeApproval(card.id.replace(/^\D+/, ""))
      return erp.toast(said)
    }
    delete card.dataset.sent
    button?.classList.remove("busy")
    const page = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html")
    erp.toast(page.querySelector("[data-toast], #doc-errors li")?.textContent.trim() || erp.word("down"), { tone: "bad" })
  })
  document.addEventListener("htmx:after:request", event => {
    const { sourceElement: el, response } = event.detail.ctx
    if (el.dataset?.decided && response.status < 400) erp.toast(el.dataset.decided)
    if ("reset" in (el.dataset || {}) && response.status < 400) el.reset()
  })
}
