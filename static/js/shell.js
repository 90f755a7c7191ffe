// The frame: theme, density, navigation, dialogs, sending once, and what is said when an answer is bad.
{
  const { $, $$ } = erp
  const root = document.documentElement

  const now = key => root.dataset[key] || localStorage[key] || (key === "theme" && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "")
  function show() {
    for (const el of $$("[data-toggle]")) {
      const key = el.dataset.toggle, values = el.dataset.values.split(" "), value = now(key) || values[0]
      $(".end", el).textContent = $(".end", el).dataset[value] || ""
    }
    $("#rail")?.setAttribute("aria-pressed", root.dataset.nav === "rail")
  }
  function set(key, value) {
    localStorage[key] = root.dataset[key] = value
    document.cookie = `${key}=${value};path=/;max-age=31536000;samesite=lax`
    show()
  }
  show()

  document.addEventListener("click", event => {
    const el = event.target.closest("button, a")
    if (!el) return
    if (el.dataset.toggle) {
      const values = el.dataset.values.split(" ")
      set(el.dataset.toggle, values[1 - Math.max(0, values.indexOf(now(el.dataset.toggle)))])
    }
    if (el.id === "rail") set("nav", root.dataset.nav === "rail" ? "full" : "rail")
    if (el.dataset.open) { event.preventDefault(); erp.open(el.dataset.open) }
    if ("close" in el.dataset) el.closest("dialog").close()
    if ("reload" in el.dataset) { event.preventDefault(); location.reload() }
  })
  erp.open = id => {
    $$("[popover]:popover-open").forEach(el => el.hidePopover())
    const dialog = document.getElementById(id)
    if (dialog && !dialog.open) dialog.showModal()
  }
  document.addEventListener("toggle", event => {
    if (event.newState === "open" && event.target.matches("[popover]")) {
      erp.fire(event.target, "opened")
      $("textarea, .in", event.target)?.focus()
    }
  }, true)
  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && location.hash === "#nav") location.hash = "main"
  })

  // One form is sent once: the second click of a double click does nothing, and the key inside makes a repeat harmless.
  // It goes only to a server that answers: the browser's own page of a cut line would take the place of what was typed.
  document.addEventListener("submit", async event => {
    const form = event.target, { submitter } = event
    if (event.defaultPrevented || !("once" in form.dataset)) return
    if (form.dataset.sent === "now") { form.dataset.sent = "gone"; return }
    event.preventDefault()
    if (form.dataset.sent) return
    form.dataset.sent = "asking"
    submitter?.classList.add("busy")
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5000) }).catch(() => null)
    if (answer?.ok) {
      form.dataset.sent = "now"
      return form.requestSubmit(submitter?.isConnected ? submitter : undefined)
    }
    again(form)
    erp.toast(erp.word("down"), { tone: "bad" })
    erp.fire(form, "unsent")
  })
  const again = form => { delete form.dataset.sent; $$(".busy").forEach(el => el.classList.remove("busy")) }
  addEventListener("pageshow", event => event.persisted && $$("form[data-sent]").forEach(again))
  document.addEventListener("htmx:finally:request", event => {
    const form = event.detail.ctx.sourceElement?.closest?.("form[data-sent]")
    if (form) again(form)
  })

  // Fragments that could not be fetched leave the page as it was; one sentence says so.
  document.addEventListener("htmx:response:error", event => {
    const { response, text, request, sourceElement } = event.detail.ctx
    if (response.status === 401) return location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search))
    // What refreshes by itself stays as it was; only a row that is no longer ours to see is greyed.
    if (request.method === "GET" && response.status < 500) return sourceElement.matches("tr[data-id]") && sourceElement.classList.add("dim")
    if (response.status === 422 && sourceElement.id === "doc-form") return
    const page = new DOMParser().parseFromString(text || "", "text/html")
    const said = page.querySelector("[data-toast], [role=alert] p, #doc-errors li")?.textContent.trim()
    erp.toast(said || erp.word(response.status >= 500 ? "down" : "refused"), { tone: "bad" })
  })
  document.addEventListener("htmx:error", event => {
    if (event.detail.ctx?.request?.method !== "GET" && event.detail.ctx) erp.toast(erp.word("down"), { tone: "bad" })
  })
}
