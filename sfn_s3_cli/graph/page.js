"use strict";
const states = JSON.parse(document.getElementById("states").textContent);
const details = document.getElementById("details");

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
}

function addData(title, value) {
  if (value === undefined) return;
  add(details, "h3", title);
  add(details, "pre", typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

function choose(id) {
  const state = states[id];
  document.querySelectorAll(".chosen").forEach((each) => each.classList.remove("chosen"));
  const drawn = document.querySelector(`[data-state="${id}"]`);
  drawn.classList.add("chosen");
  details.replaceChildren();
  details.dataset.shown = id;
  add(details, "h2", state.title);
  state.text.forEach((line) => add(details, "div", line));
  state.steps.forEach((step) => {
    add(details, "h3", step.heading, step.has_failed ? "failed" : "");
    addData("Error", step.error);
    addData("Cause", step.cause);
    addData("Input", step.input);
    addData("Output", step.output);
  });
  if (state.left_out) add(details, "p", state.left_out);
  addData("Definition", state.definition);
  return drawn;
}

document.querySelectorAll("[data-state]").forEach((each) => {
  const id = each.dataset.state;
  each.setAttribute("aria-label", states[id].title);
  each.addEventListener("click", (event) => {
    event.stopPropagation();
    choose(id);
  });
  each.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(id);
  });
});
Object.keys(states).forEach((id) => {
  const item = document.createElement("li");
  add(item, "button", states[id].title).addEventListener("click", () => {
    choose(id).scrollIntoView({ block: "center", inline: "center" });
  });
  document.getElementById("list").append(item);
});
