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
  // Rows on screen change in place; new ones wait above, so that nothing moves under the pointer.
  erp.rowChanged = id => {
    const row = document.getElementById(`r-${id}`)
    if (row) htmx.ajax("GET", list.dataset.rowUrl.replace("{id}", id), { source: row, target: row, swap: "outerMorph" })
    else if (list) {
      fresh++
      const words = $("#fresh span")
      words.textContent = (fresh === 1 ? words.dataset.one : words.dataset.many).replace("{n}", fresh)
      $("#fresh").hidden = false
    }
  }
  if (list) {
    list.addEventListener("change", event => {
      if (event.target.id === "all") $$("#rows [name=ids]").forEach(box => { box.checked = event.target.checked })
      bulk()
    })
    $("#bulk-x").addEventListener("click", () => { $$("#list [type=checkbox]").forEach(box => { box.checked = false }); bulk() })
    list.addEventListener("animationend", event => event.target.closest("tr.live")?.classList.remove("live"))
  }
}
