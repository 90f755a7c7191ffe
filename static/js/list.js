// Lists: what is selected, and what arrived since the list was opened.
{
  const { $, $$ } = erp
  const list = $("#list")
  let fresh = 0

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
    const boxes = $$("#rows [name=ids]:checked")
    for (const box of boxes) {
      const row = box.closest("tr"), id = row.dataset.id
      const answer = await fetch(list.dataset.rowUrl.replace(/{id}.*/, `${id}/${route}`), {
        method: "POST", redirect: "manual", headers: { "X-CSRF-Token": erp.csrf, "X-Tab": erp.tab },
        body: new URLSearchParams({ version: row.dataset.version, csrf_token: erp.csrf }),
      }).catch(() => null)
      if (answer?.ok || answer?.type === "opaqueredirect") { box.checked = false; done.push(box); await erp.rowChanged(id) } else refused++
    }
    bulk()
    const opposite = { archival: "restoration", restoration: "archival" }[route]
    if (done.length) erp.toast(erp.word("bulk", done.length), { undo: opposite && (() => { done.forEach(box => { box.checked = true }); each(opposite) }) })
    if (refused) erp.toast(erp.word("bulk_refused", refused), { tone: "bad" })
  }
  // Rows on screen change in place; new ones wait above, so that nothing moves under the pointer.
  erp.rowChanged = id => {
    const row = document.getElementById(`r-${id}`)
    if (row) return htmx.ajax("GET", list.dataset.rowUrl.replace("{id}", id), { source: row, target: row, swap: "outerMorph" })
    else if (list) {
      fresh++
      const words = $("#fresh span")
      words.textContent = (fresh === 1 ? words.dataset.one : words.dataset.many).replace("{n}", fresh)
      $("#fresh").hidden = false
    }
  }
  // After a time without news, all that is shown is fetched again.
  erp.listAgain = async () => {
    await htmx.ajax("GET", location.pathname + location.search, { source: list, target: "#rows", select: "#rows", swap: "outerMorph" })
    fresh = 0
    $("#fresh").hidden = true
    bulk()
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
