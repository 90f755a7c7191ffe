// The line grid: cells by keyboard, lines added and removed, blocks pasted from a spreadsheet.
{
  const { $, $$ } = erp
  const cellsOf = row => $$("td > .in, td > .ctl > .in, td > [type=checkbox]:not(.vh)", row)
  const rowsOf = table => $$("tbody > tr[data-key]:not([hidden])", table)
  let made = 0

  function add(table) {
    const rows = table.dataset.rows
    do made++; while (document.getElementById(`ln-${rows}-n${made}`))
    const holder = document.createElement("tbody")
    holder.innerHTML = $(`#blank-${rows}`).innerHTML.replaceAll("__key__", `n${made}`)
    const row = holder.firstElementChild
    $("tr.add", table).before(row)
    number(table)
    return row
  }
  function number(table) {
    rowsOf(table).forEach((row, at) => {
      $(".no", row).textContent = at + 1
      const position = $('[name$=".position"]', row)
      if (position) position.value = at + 1
      for (const el of $$("[aria-label]", row)) el.setAttribute("aria-label", el.getAttribute("aria-label").replace(/\d*$/, at + 1))
    })
  }
  function remove(row) {
    const table = row.closest("table"), all = rowsOf(table), at = all.indexOf(row), next = all[at + 1] || all[at - 1], after = row.nextElementSibling
    const gone = $('[name$="._delete"]', row), wasEmpty = cellsOf(row).every(cell => !cell.value || cell.type === "checkbox")
    if (after.matches(".note")) after.remove()
    if (row.dataset.key.startsWith("n")) row.remove()
    else row.hidden = gone.checked = true
    number(table)
    ;(next ? cellsOf(next)[0] : $("tr.add button", table)).focus()
    erp.fire($("tr.add button", table), "change")
    if (!wasEmpty) erp.toast(erp.word("removed", at + 1), { undo: () => {
      row.hidden = gone.checked = false
      if (!row.isConnected) (rowsOf(table)[at] || $("tr.add", table)).before(row)
      number(table)
      cellsOf(row)[0].focus()
      erp.fire($("tr.add button", table), "change")
    } })
  }
  function fill(cell, value) {
    if (cell.type === "checkbox") cell.checked = !/^(|0|no|false|いいえ)$/i.test(value.trim())
    else if (cell.matches("select")) cell.value = [...cell.options].find(o => o.text === value || o.value === value)?.value ?? cell.value
    else cell.value = value
    const id = cell.dataset.link && cell.form.elements[`${cell.name}.id`]
    if (id) id.value = ""
  }
  function copyDown(row, at) {
    const all = rowsOf(row.closest("table")), above = all[all.indexOf(row) - 1], from = above && cellsOf(above)[at], to = cellsOf(row)[at]
    if (!from) return
    fill(to, from.type === "checkbox" ? (from.checked ? "1" : "") : from.value)
    for (const part of to.dataset.link ? ["id", "was"] : []) to.form.elements[`${to.name}.${part}`].value = from.form.elements[`${from.name}.${part}`].value
    erp.fire(to, "change")
  }
  function go(row, at, by) {
    const table = row.closest("table"), all = rowsOf(table), to = all[all.indexOf(row) + by] || (by > 0 ? add(table) : row)
    const cell = cellsOf(to)[at]
    cell.focus()
    cell.select?.()
  }
  function paste(cell, text) {
    const table = cell.closest("table"), start = cellsOf(cell.closest("tr")).indexOf(cell)
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n")
    let row = cell.closest("tr")
    lines.forEach((line, n) => {
      if (n) row = rowsOf(table)[rowsOf(table).indexOf(row) + 1] || add(table)
      line.split("\t").forEach((value, column) => { const to = cellsOf(row)[start + column]; if (to) fill(to, value.trim()) })
    })
    erp.fire(cell, "change")
    erp.say(erp.word("pasted", lines.length))
  }

  document.addEventListener("click", event => {
    const button = event.target.closest("tr.add button")
    if (!button) return
    event.preventDefault()
    cellsOf(add(button.closest("table")))[0].focus()
  })
  document.addEventListener("change", event => {
    if (event.target.matches('[name$="._delete"]')) { event.stopPropagation(); remove(event.target.closest("tr")) }
  }, true)
  document.addEventListener("focusin", event => {
    const cell = event.target
    if (cell.closest?.(".lines td") && cell.matches(".in")) cell.dataset.before = cell.value
  })
  document.addEventListener("paste", event => {
    const cell = event.target.closest?.(".lines .in"), text = event.clipboardData?.getData("text") || ""
    if (cell && /[\t\n]/.test(text.trim()) && cellsOf(cell.closest("tr")).includes(cell)) { event.preventDefault(); paste(cell, text) }
  })
  document.addEventListener("keydown", event => {
    const cell = event.target, row = cell.closest?.(".lines tr[data-key]")
    if (!row || event.isComposing) return
    const cells = cellsOf(row), at = cells.indexOf(cell), key = event.key
    if (event.altKey && key === "Delete") remove(row)
    else if (at < 0) return
    else if (key === "Enter" && !event.ctrlKey && !event.metaKey) go(row, at, event.shiftKey ? -1 : 1)
    else if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "d") copyDown(row, at)
    else if (key === "Escape" && "before" in cell.dataset && cell.value !== cell.dataset.before) { cell.value = cell.dataset.before; erp.fire(cell, "input") }
    else if (key === "Tab" && !event.shiftKey && at === cells.length - 1 && rowsOf(row.closest("table")).at(-1) === row && $("tr.add", row.closest("table"))) go(row, 0, 1)
    else return
    event.preventDefault()
  })
}
