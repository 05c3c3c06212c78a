/* What the theme leaves out for those who read with a keyboard or a screen reader. */
const scrolling = ".md-typeset pre > code, .md-typeset__scrollwrap, .md-typeset p.wide"

function mend() {
  for (const part of document.querySelectorAll(scrolling)) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0
    else part.removeAttribute("tabindex")
  }
  for (const bar of document.querySelectorAll("nav.md-code__nav")) bar.setAttribute("role", "presentation")
}

let waiting = 0
function soon() {
  cancelAnimationFrame(waiting)
  waiting = requestAnimationFrame(mend)
}

new ResizeObserver(soon).observe(document.body)
new MutationObserver(soon).observe(document.body, { childList: true, subtree: true })
