// Keeps parts of Daifuku on this page true. One script for every way of showing them:
//   htmx        <div hx-get="…/embed/TOKEN" hx-trigger="load, daifuku">
//   Turbo       <turbo-frame id="order" src="…/embed/TOKEN">
//   neither     <div data-embed="…/embed/TOKEN">
// It opens one socket for each address, hears "look again" and nothing else, and has the part fetched anew.
{
  const home = new URL(document.currentScript.src).origin, start = `${home}/embed/`
  const watched = new Map()
  const addressOf = el => ["data-embed", "hx-get", "data-hx-get", "src"].map(name => el.getAttribute(name)).find(url => url?.startsWith(start))
  const parts = () => [...document.querySelectorAll("[data-embed], [hx-get], [data-hx-get], turbo-frame[src]")].filter(addressOf)
  const headers = { "HX-Request": "true" }

  async function put(el, ask, options) {
    const answer = await fetch(ask, options).catch(() => null)
    if (!answer) return
    const text = await answer.text()
    if (!answer.ok && answer.status !== 422) return
    const within = el.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)
    if (within && !options.method) return
    el.innerHTML = text
  }
  function look(el) {
    if (el.matches("turbo-frame")) el.reload?.()
    else if (el.dataset.embed) put(el, el.dataset.embed, { headers })
    else el.dispatchEvent(new CustomEvent("daifuku"))
  }
  const lookAll = url => parts().filter(el => addressOf(el) === url).forEach(look)

  function watch(url) {
    const token = new URL(url).pathname.split("/").pop()
    const socket = io(home, { transports: ["websocket"], query: { embed: 1 }, auth: { embed: token }, forceNew: true, reconnectionDelayMax: 30000 })
    let first = true, timer = 0
    const soon = wait => { clearTimeout(timer); timer = setTimeout(() => lookAll(url), wait) }
    socket.on("touched", () => soon(60 + Math.random() * 140))
    socket.on("again", () => soon(Math.random() * 2000))
    socket.on("connect", () => { if (!first) soon(Math.random() * 2000); first = false })
    // Cut off by the server: it is over or revoked. What is still shown is taken away, unless it is answered after all.
    socket.on("disconnect", async reason => {
      if (reason !== "io server disconnect") return
      socket.close()
      const answer = await fetch(url, { headers }).catch(() => null)
      if (!answer?.ok) parts().filter(el => addressOf(el) === url).forEach(el => el.replaceChildren())
    })
    return socket
  }
  function find() {
    for (const el of parts()) {
      const url = addressOf(el)
      if (!watched.has(url)) watched.set(url, watch(url))
      if (el.dataset.embed && !("shown" in el.dataset)) { el.dataset.shown = ""; look(el) }
    }
  }
  // A form inside a part that nothing else sends: by this script, so that the page around it stays.
  document.addEventListener("submit", event => {
    const el = event.target.closest?.("[data-embed]")
    if (!el || event.defaultPrevented) return
    event.preventDefault()
    const data = new URLSearchParams(new FormData(event.target))
    put(el, el.dataset.embed, { method: "POST", headers, body: data })
  })
  const script = Object.assign(document.createElement("script"), { src: `${start}socket.io.js` })
  script.onload = () => {
    find()
    new MutationObserver(find).observe(document.documentElement, { childList: true, subtree: true })
  }
  document.head.append(script)
}
