// The console without this file has all that it has with it: here logins are copied by a button, and lists renew themselves.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1500);
  });
}

const live = document.querySelector("[data-live]");
if (live && window.EventSource) {
  let isAsked = false;
  const renew = async () => {
    isAsked = false;
    // Whoever reads a line with the keyboard is not torn from it.
    if (live.contains(document.activeElement)) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (fresh) live.replaceChildren(...fresh.childNodes);
  };
  const news = new EventSource(live.dataset.live);
  news.onmessage = () => {
    if (!isAsked) { isAsked = true; setTimeout(renew, 200); }
  };
  const sign = document.querySelector("[data-live-sign]");
  if (sign) {
    news.onopen = () => { sign.hidden = false; };
    news.onerror = () => { sign.hidden = true; };
  }
}
