"use strict";
// Runs in a page that `sfnctl graph` wrote: tries each state, and looks for things that overlap.
const problems = [];
const byId = (id) => document.querySelector(`[data-state="${id}"]`);
const shown = () => document.getElementById("details").dataset.shown;

function isPart(element, id) {
  return element?.closest("[data-state]")?.dataset.state === id;
}

function pick(drawn) {
  const target = drawn.querySelector(":scope > .cluster-label") ?? drawn;
  target.scrollIntoView({ block: "center", inline: "center" });
  const box = target.getBoundingClientRect();
  return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
}

Object.entries(states).forEach(([id, state]) => {
  const found = document.querySelectorAll(`[data-state="${id}"]`);
  if (found.length !== 1) return problems.push(`${id} is drawn ${found.length} times`);
  const target = pick(found[0]);
  if (!isPart(target, id)) return problems.push(`${id} is behind something else`);
  document.getElementById("details").dataset.shown = "";
  target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  if (shown() !== id) problems.push(`a click on ${id} shows ${shown()}`);
  document.getElementById("details").dataset.shown = "";
  found[0].focus();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  if (shown() !== id) problems.push(`Enter on ${id} shows ${shown()}`);
  const text = document.getElementById("details").textContent;
  if (!text.includes(state.title)) problems.push(`the details of ${id} lack its name`);
});

const SLACK = 1;
const overlap = (a, b) =>
  a.left < b.right - SLACK && b.left < a.right - SLACK && a.top < b.bottom - SLACK && b.top < a.bottom - SLACK;
const contains = (a, b) =>
  a.left <= b.left + SLACK && a.right >= b.right - SLACK && a.top <= b.top + SLACK && a.bottom >= b.bottom - SLACK;
const boxOf = (element) => [element, element.getBoundingClientRect()];
const shapes = [...document.querySelectorAll("g.node > .label-container, g.node > .outer-path")].map(boxOf);
const groups = [...document.querySelectorAll("g.cluster > rect")].map(boxOf);
const names = [...document.querySelectorAll("g.cluster > .cluster-label text")].map(boxOf);
const labels = [...document.querySelectorAll("g.edgeLabel text")]
  .filter((each) => each.textContent.trim())
  .map(boxOf);
const describe = (element) => element.parentElement.textContent.trim().slice(0, 40);

function compare(title, some, others, isFine) {
  some.forEach(([one, box], number) => {
    const rest = some === others ? others.slice(number + 1) : others;
    rest.forEach(([other, otherBox]) => {
      if (overlap(box, otherBox) && !isFine(box, otherBox)) {
        problems.push(`${title}: "${describe(one)}" and "${describe(other)}"`);
      }
    });
  });
}
const never = () => false;
compare("nodes overlap", shapes, shapes, never);
compare("a node crosses a group", groups, shapes, contains);
compare("groups cross", groups, groups, (a, b) => contains(a, b) || contains(b, a));
compare("a node covers the name of a group", shapes, names, never);
compare("a label covers a node", labels, shapes, never);
compare("labels overlap", labels, labels, never);
compare("a label covers the name of a group", labels, names, never);
document.querySelectorAll("g.node").forEach((node) => {
  const shape = node.querySelector(".label-container, .outer-path").getBoundingClientRect();
  const text = node.querySelector("text").getBoundingClientRect();
  if (!contains(shape, text)) problems.push(`the text of "${node.textContent.slice(0, 40)}" is too long`);
});
const result = document.createElement("pre");
result.id = "result";
result.textContent = JSON.stringify({ problems, states: Object.keys(states).length, nodes: shapes.length });
document.body.append(result);
