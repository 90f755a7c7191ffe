// Reports: groups fold, a figure opens its entries beside the report.
{
  const { $, $$ } = erp
  let from = null

  function fold(button) {
    const row = button.closest("tr"), level = +row.dataset.l, open = button.getAttribute("aria-expanded") !== "true"
    button.setAttribute("aria-expanded", open)
    for (let next = row.nextElementSibling; next && +next.dataset.l > level; next = next.nextElementSibling) {
      next.hidden = !open
      $(".tree button", next)?.setAttribute("aria-expanded", open)
    }
  }
  async function drill(link) {
    const panel = $("#drill")
    await htmx.ajax("GET", link.href, { source: link, target: panel, swap: "innerHTML", headers: { "HX-Target": "aside#drill" } })
    if (!$("h2", panel)) return location.assign(link.href)
    from?.removeAttribute("aria-current")
    from = link
    link.setAttribute("aria-current", "true")
    panel.hidden = false
    $("h2", panel).focus()
  }
  function close() {
    $("#drill").hidden = true
    from?.removeAttribute("aria-current")
    from?.focus()
  }
  // Days rule over the name of a period, so choosing one clears the other before the report is asked.
  document.addEventListener("change", event => {
    const form = event.target.closest("#report-options"), days = form && ["from", "to", "as_of"].map(name => form.elements[name]).filter(Boolean)
    if (event.target.name === "period") days.forEach(el => { el.value = "" })
    else if (days?.includes(event.target) && form.elements.period) form.elements.period.value = ""
  }, true)
  document.addEventListener("click", event => {
    const el = event.target.closest(".tree button, [data-drill], [data-undrill]")
    if (!el) return
    if (el.matches(".tree button")) fold(el)
    else if ("undrill" in el.dataset) close()
    else if ($("#drill") && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); drill(el) }
  })
  document.addEventListener("keydown", event => { if (event.key === "Escape" && $("#drill:not([hidden])")) close() })
}
