// Live updates: hints name what changed, the page fetches it again through its ordinary address.
{
  const { $, $$ } = erp
  const handlers = {}
  let socket = null, lost = 0, poll = 0, versions = {}, watched = []

  // A developer's own events: erp.on("app.event", fn), or without script hx-trigger="live:app.event from:body".
  erp.on = (name, fn) => { (handlers[name] ||= []).push(fn) }
  const fire = (name, data) => {
    for (const fn of handlers[name] || []) fn(data)
    erp.fire(document.body, `live:${name}`, data)
  }

  const dashed = kind => kind.replaceAll("_", "-")
  const topicOf = text => {
    const [kind, id] = text.split(":")
    return id ? { kind: dashed(kind), id: +id } : { kind: dashed(kind) }
  }
  erp.topicOf = topicOf
  erp.send = (name, data) => { if (socket?.connected) socket.emit(name, data) }
  // One part of a page may hear of several kinds: their names stand in one attribute, separated by spaces.
  const topicsOf = el => el.dataset.topic.split(" ").filter(Boolean)
  const shown = () => [...new Set($$("[data-topic]").flatMap(topicsOf))].slice(0, 50)

  function watch() {
    const names = shown(), before = watched
    if (!socket?.connected || names.join() === before.join()) return
    watched = names
    const gone = before.filter(name => !names.includes(name))
    if (gone.length) socket.emit("unwatch", { topics: gone.map(topicOf) })
    if (names.length) socket.emit("watch", { topics: names.map(topicOf) }, () => fire("watching"))
  }

  // The session is over: what is being typed stays on the screen until its writer lets go of it.
  let left = false
  function leave() {
    if (left) return
    left = true
    const url = "/login?next=" + encodeURIComponent(location.pathname + location.search)
    erp.dirty?.() ? erp.toast(erp.word("over"), { tone: "bad", url }) : location.assign(url)
  }

  // The first change is fetched at once; those that follow are collected and fetched together. Where changes are many, the
  // browsers that show them do not ask at the same instant, and where answers take long they ask less often.
  const parts = new WeakMap(), GAP = 500
  erp.soon = (el, act) => {
    const part = parts.get(el) || { last: 0, before: 0, took: 0, timer: 0, busy: false }
    parts.set(el, part)
    if (part.timer || part.busy) { part.again = act; return }
    const run = async () => {
      const began = Date.now()
      Object.assign(part, { timer: 0, busy: true, again: null, before: part.last, last: began })
      try { await act() } finally { part.busy = false; part.took = Date.now() - began }
      if (part.again) erp.soon(el, part.again)
    }
    const gap = +el.dataset.gap || GAP, now = Date.now(), due = part.last + Math.max(gap, 3 * part.took) - now
    const spread = Math.random() * gap * (now - part.before < 6 * gap ? 0.7 : 0)
    part.timer = setTimeout(run, gap > GAP ? Math.max(0, due) + (spread || Math.random() * gap / 4) : Math.max(0, due, spread))
  }

  // Lets htmx fetch a part, and waits until it has.
  erp.ask = el => new Promise(done => {
    el.addEventListener("htmx:finally:request", done, { once: true })
    setTimeout(done, 2000)
    htmx.trigger(el, "changed")
  })

  const fetchPart = (el, id, event) => {
    if (el.id === "list") return id ? erp.rowChanged(id, event) : erp.soon(el, erp.listAgain)
    // What was empty has a first row now; a filter that finds nothing is left to its reader.
    if (el.id === "list-empty" && !location.search && !erp.inField(document.activeElement)) location.reload()
    erp.soon(el, () => erp.ask(el))
  }

  function changed({ kind, id, version, event, origin, beside }) {
    if (origin && origin === erp.tab) return
    for (const el of $$("[data-topic]")) for (const topic of topicsOf(el).map(topicOf)) {
      if (topic.kind !== kind || (topic.id && topic.id !== id)) continue
      if (topic.id && version && +el.dataset.version >= version && event !== "deleted" && !beside) continue
      fetchPart(el, id, event)
    }
    fire("changed", { kind, id, version, event })
  }

  async function approval({ id }) {
    figures()
    htmx.trigger(document.body, "approval")
    const answer = await fetch(`/approvals/${id}/popup`, { headers: { "HX-Request": "true" } })
    if (!answer.ok || document.getElementById(`approval-${id}`)) return
    $("#toasts").insertAdjacentHTML("afterbegin", await answer.text())
    htmx.process($("#toasts").firstElementChild)
  }

  function closed({ id }) {
    erp.closeApproval(id)
    figures()
    htmx.trigger(document.body, "approval")
  }

  // The figures of the frame are asked for, never counted here: all tabs and devices say the same.
  let asking = 0
  function figures() {
    clearTimeout(asking)
    asking = setTimeout(async () => {
      const answer = await fetch("/live/counts", { headers: { Accept: "application/json" } }).catch(() => null)
      if (!answer?.ok) return
      const { unread, approvals, todo } = await answer.json(), bell = $("#bell-count"), asked = $("#nav-todo")
      asked.textContent = todo || ""
      asked.parentElement.hidden = !todo && location.pathname !== "/assignments"
      $("#nav-approvals").textContent = approvals || ""
      $$("[data-approvals]").forEach(el => { el.textContent = approvals || "" })
      if (!bell) return
      bell.textContent = unread || ""
      bell.hidden = !unread
      const { label } = bell.closest("button").dataset
      if (label) bell.closest("button").setAttribute("aria-label", label.replace("{n}", unread))
    }, 100)
  }

  async function notice({ id }) {
    figures()
    htmx.trigger(document.body, "notice")
    if (!id) return
    const answer = await fetch(`/notifications/${id}`, { headers: { "HX-Request": "true" } })
    const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html")
    const text = page.querySelector("[data-notice]")
    if (text) erp.toast(text.textContent.trim(), { tone: "info", url: text.dataset.url })
  }

  function progress({ job, done, total, ended }) {
    const button = $("#jobs-button"), ring = $("#jobs-button .on")
    if (button) {
      button.hidden = false
      if (ring && total) ring.setAttribute("stroke-dasharray", `${Math.round(100 * done / total)} 100`)
    }
    const bar = document.querySelector(`#job-${job} progress`)
    if (bar && total) bar.value = 100 * done / total
    if (ended) refreshCount()
    htmx.trigger(document.body, "jobs")
    for (const el of $$(`[data-topic="task:${job}"]`)) htmx.trigger(el, "changed")
  }

  async function refreshCount() {
    const answer = await fetch("/jobs/running", { headers: { Accept: "application/json" } })
    if (!answer.ok) return
    const { running } = await answer.json()
    $("#jobs-count").textContent = running || ""
    $("#jobs-button").hidden = !running
  }

  // After a reconnect, or when hints may have been lost on their way, everything shown is fetched once, spread over a second.
  function fetchAgain() {
    setTimeout(() => {
      $$("[data-topic]").forEach(el => fetchPart(el))
      figures()
    }, Math.random() * 1000)
  }

  // Says what is missing: "offline" (the server does not answer), "paused" (only live updates are), or "" for nothing.
  function missing(what) {
    let badge = $("#offline")
    if (!what) return badge?.remove()
    if (!badge) {
      badge = Object.assign(document.createElement("div"), { id: "offline", className: "offline", role: "status" })
      document.body.append(badge)
    }
    if (badge.dataset.what === what) return
    badge.dataset.what = what
    badge.textContent = erp.word(what, new Date(lost || Date.now()).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }))
  }

  // Where sockets are blocked, versions are asked for.
  async function ask() {
    const names = shown()
    if (socket?.connected || !names.length) return
    const answer = await fetch("/live/versions?" + names.map(name => "t=" + encodeURIComponent(name)).join("&")).catch(() => null)
    if (answer?.status === 401) return leave()
    missing(answer?.ok ? "paused" : "offline")
    if (!answer?.ok) return
    const found = (await answer.json()).versions
    for (const name of names) {
      // What changed between the page and the first answer is unknown, so the first answer fetches everything once.
      if (versions[name] !== found[name]) $$(`[data-topic~="${name}"]`).forEach(el => fetchPart(el))
      versions[name] = found[name]
    }
  }

  if (window.io && document.body.dataset.user) {
    socket = io({ transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 8000, randomizationFactor: 0.5 })
    socket.on("connect", () => {
      watched = []
      watch()
      missing("")
      if (lost) fetchAgain()
      lost = 0
      clearInterval(poll)
      poll = 0
      document.documentElement.dataset.live = "on"
    })
    socket.io.on("ping", () => fire("beat"))
    const gone = () => {
      delete document.documentElement.dataset.live
      if (!lost) lost = Date.now()
      if (Date.now() - lost > 4000 && !$("#offline")) missing(navigator.onLine ? "paused" : "offline")
      if (poll) return
      poll = setInterval(ask, 15000)
      setTimeout(ask, 4000)
    }
    // A socket that is opened and shut again before it says anything is told by no event.
    setTimeout(() => socket.connected || gone(), 4000)
    // What the server cut or refused is not tried again by the library: the application may only be starting.
    const again = () => setTimeout(() => socket.active || socket.connect(), 1000 + Math.random() * 2000)
    socket.on("disconnect", reason => { gone(); fire("lost"); if (reason === "io server disconnect") again() })
    socket.on("connect_error", error => {
      gone()
      if (error.message === "signed out") leave()
      else if (!socket.active) again()
    })
    socket.on("changed", changed)
    socket.on("again", fetchAgain)
    socket.on("approval", approval)
    socket.on("approval_closed", closed)
    socket.on("notice", notice)
    socket.on("progress", progress)
    socket.on("presence", data => fire("presence", data))
    socket.on("event", data => fire(data.event, data))
    document.addEventListener("htmx:after:swap", () => setTimeout(watch))
  }
}
