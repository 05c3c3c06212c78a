"use strict";
(() => {
  const status = document.getElementById("status");
  let said;
  const say = (text) => {
    status.textContent = "";
    clearTimeout(said);
    said = setTimeout(() => { status.textContent = text; }, 50);
  };
  // The copy event takes markup as it is; navigator.clipboard would rewrite it, and asks for leave.
  const copy = (data) => {
    let taken = false;
    const fill = (event) => {
      for (const [type, text] of Object.entries(data)) event.clipboardData.setData(type, text);
      event.preventDefault();
      event.stopImmediatePropagation();
      taken = true;
    };
    document.addEventListener("copy", fill, true);
    try { document.execCommand("copy"); } finally { document.removeEventListener("copy", fill, true); }
    return taken;
  };
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset.copy);
      const data = source.id === "post"
        ? { "text/html": source.innerHTML, "text/plain": document.getElementById("plain").textContent }
        : { "text/plain": source.textContent };
      say(copy(data) ? button.dataset.done : "The browser did not let the page copy. Select the text and copy it yourself.");
    });
  }
})();
