// Lists: what is selected, and what arrived since the list was opened.
{
  const { $, $$ } = erp
  const list = $("#list")
  const fresh = new Set()

  function bulk() {
    const boxes = $$("#rows [name=ids]"), chosen = boxes.filter(box => box.checked).length
    $("#bulk").hidden = !chosen
    $("#bulk-n").textContent = $("#bulk-n").dataset.text.replace("{n}", chosen)
    const all = $("#all")
    if (all) { all.checked = chosen === boxes.length && chosen > 0; all.indeterminate = chosen > 0 && chosen < boxes.length }
  }
  // One verb on each selected row: the same address as on its form, one transaction each, so one refusal stops nothing.
  async function each(route) {
    let refused = 0
    const done = []
    const ids = $$("#rows [name=ids]:checked").map(box => box.closest("tr").dataset.id)
    for (const id of ids) {
      // What was done to this row a moment ago is shown first: the verb is about the version that one sees.
      while (changed.has(+id) || asking) await new Promise(done => setTimeout(done, 50))
      const row = document.getElementById(`r-${id}`)
      if (!row) continue
      const answer = await fetch(`${list.dataset.url}/${id}/${route}`, {
        method: "POST", redirect: "manual", headers: { "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab },
        body: new URLSearchParams({ version: row.dataset.version, csrf_token: erp.csrf }),
      }).catch(() => null)
      if (answer?.ok || answer?.type === "opaqueredirect") { $("[name=ids]", row).checked = false; done.push(id); erp.rowChanged(+id) } else refused++
    }
    bulk()
    const opposite = { archival: "restoration", restoration: "archival" }[route]
    if (done.length) erp.toast(erp.word("bulk", done.length), { undo: opposite && (() => { done.forEach(id => { const box = $(`#r-${id} [name=ids]`); if (box) box.checked = true }); each(opposite) }) })
    if (refused) erp.toast(erp.word("bulk_refused", refused), { tone: "bad" })
  }
  // Rows on screen change in place; new ones wait above, so that nothing moves under the pointer. The first change is
  // fetched at once, what follows is collected: a burst costs two fetches, however many rows it is about.
  const changed = new Map()
  let asking = false
  erp.rowChanged = (id, event = "") => {
    // A record further down than was loaded changes nothing that is shown but the totals.
    if (event !== "created" && $("#more") && !document.getElementById(`r-${id}`)) return follow()
    changed.set(id, event === "created" ? event : changed.get(id) || event)
    erp.soon(list, fetchChanges)
  }

  async function fetchChanges() {
    const ids = [...changed.keys()], made = new Set(ids.filter(id => changed.get(id) === "created"))
    if (!ids.length) return
    changed.clear()
    if (ids.length > 100) return erp.listAgain()
    asking = true
    const url = list.dataset.changesUrl, answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}ids=${ids}`, { headers: { "HX-Request": "true" } }).catch(() => null)
    const text = await answer?.text().catch(() => "")
    asking = false
    if (!answer?.ok) return
    const page = new DOMParser().parseFromString(text, "text/html")
    for (const id of ids) {
      const row = document.getElementById(`r-${id}`), now = $(`[data-id="${id}"]`, page)
      if (row && !now) row.classList.add("gone")
      else if (row) put(row, now, !now.closest("[data-within]"))
      // What is further down than was loaded is not new.
      else if (now?.closest("[data-within]") && (made.has(id) || !$("#more"))) fresh.add(id)
      else fresh.delete(id)
    }
    tellFresh()
    follow()
  }
  // Totals and views follow the rows.
  const follow = () => { for (const el of [$("#totals"), $(".views")]) if (el) erp.soon(el, () => erp.ask(el)) }
  // The row stays where it is, chosen and focused as it was, also where the list would not hold it any more.
  function put(row, now, beyond) {
    const box = $("[name=ids]", row), here = row.contains(document.activeElement) && document.activeElement
    const place = here ? $$("a, button, input", row).indexOf(here) : -1
    if (box?.checked) $("[name=ids]", now).checked = true
    now.classList.toggle("beyond", beyond)
    row.replaceWith(now)
    htmx.process(now)
    if (place >= 0) $$("a, button, input", now)[place]?.focus({ preventScroll: true })
  }
  function tellFresh() {
    const words = $("#fresh span"), count = fresh.size
    $("#fresh").hidden = !count
    if (count) words.textContent = (count === 1 ? words.dataset.one : words.dataset.many).replace("{n}", count)
  }
  // After a time without news, all that is shown is fetched again.
  erp.listAgain = async () => {
    await htmx.ajax("GET", location.pathname + location.search, { source: list, target: "#rows", select: "#rows", swap: "outerMorph" })
    fresh.clear()
    tellFresh()
    bulk()
    follow()
  }
  if (list) {
    list.addEventListener("change", event => {
      if (event.target.id === "all") $$("#rows [name=ids]").forEach(box => { box.checked = event.target.checked })
      bulk()
    })
    $("#bulk").addEventListener("click", event => {
      const button = event.target.closest("[data-bulk]")
      if (!button || button.classList.contains("busy")) return
      button.classList.add("busy")
      each(button.dataset.bulk).finally(() => button.classList.remove("busy"))
    })
    $("#bulk-x").addEventListener("click", () => { $$("#list [type=checkbox]").forEach(box => { box.checked = false }); bulk() })
    list.addEventListener("animationend", event => event.target.closest("tr.live")?.classList.remove("live"))
  }
}

// The last of our files: from here on a page can be used. Benchmarks read this mark.
performance.mark("usable")
