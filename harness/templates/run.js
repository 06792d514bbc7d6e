// Without this script the report has all that it has with it: here what is typed is looked for, and what is folded unfolds.
"use strict";
const field = document.getElementById("filter");
const count = document.getElementById("found");
field.closest("p").hidden = false;
const items = [...document.querySelectorAll("[data-item]")].map((item) => [item, item.textContent.toLocaleLowerCase()]);
field.addEventListener("input", () => {
  const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [item, text] of items) {
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) shown += 1;
  }
  for (const group of document.querySelectorAll("[data-group]")) {
    const isFound = group.querySelector("[data-item]:not([hidden])") !== null;
    group.hidden = words.length > 0 && !isFound;
    if (words.length > 0 && isFound && group.matches("details")) group.open = true;
  }
  count.textContent = words.length > 0 ? String(shown) : "";
});
const reveal = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let around = target; around; around = around.parentElement) {
    if (around.matches("details")) around.open = true;
  }
  target.scrollIntoView();
};
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
reveal();
