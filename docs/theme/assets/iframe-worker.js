/* A page that was opened from a disk may not start a worker, in which the search runs. There, an
   invisible frame takes its place: the script of the worker runs in it, and both send messages. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super()
      this.onmessage = null
      this.waiting = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.frame.title = "Search"
      document.body.appendChild(this.frame)
      const inside = this.frame.contentWindow
      const base = new URL(address, location.href)
      const load = source => new Promise((loaded, failed) => {
        const script = inside.document.createElement("script")
        script.src = new URL(source, base)
        script.onload = loaded
        script.onerror = failed
        inside.document.head.appendChild(script)
      })
      inside.importScripts = (...sources) =>
        sources.reduce((before, source) => before.then(() => load(source)), Promise.resolve())
      inside.postMessage = data => {
        const event = new MessageEvent("message", { data })
        this.dispatchEvent(event)
        if (this.onmessage) this.onmessage(event)
      }
      load(base).then(() => {
        this.ready = true
        this.waiting.splice(0).forEach(data => this.send(data))
      })
    }
    send(data) {
      const inside = this.frame.contentWindow
      inside.dispatchEvent(new inside.MessageEvent("message", { data }))
    }
    postMessage(data) {
      if (this.ready) this.send(data)
      else this.waiting.push(data)
    }
    terminate() {
      this.frame.remove()
    }
  }
}
