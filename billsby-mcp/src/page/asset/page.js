// Everything works without this file, except the live preview and the copy buttons; and times are in UTC.
"use strict";

// Times are rendered by the server, in the zone that this names.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const known = document.cookie.split("; ").find((cookie) => cookie.startsWith("zone="));
if (zone && known !== `zone=${encodeURIComponent(zone)}`) {
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=strict`;
}

// Read out by screen readers. The element is always there: of one that is new, many say nothing.
const said = document.getElementById("said");
const say = (text) => (said.textContent = text);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  const label = button.firstChild;
  const before = label.textContent;
  let wait;
  button.addEventListener("click", async () => {
    clearTimeout(wait);
    const from = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(from.textContent);
      label.textContent = "Copied";
    } catch {
      // Without HTTPS there may be no clipboard.
      getSelection().selectAllChildren(from);
      label.textContent = "Selected";
    }
    say(label.textContent);
    clearTimeout(wait);
    wait = setTimeout(() => {
      label.textContent = before;
      say("");
    }, 2000);
  });
}

// Whether a control has another value than the server gave it.
const differs = (control) => {
  if (control.options) {
    const given = [...control.options].findLastIndex((option) => option.defaultSelected);
    return control.selectedIndex !== Math.max(given, 0);
  }
  // Buttons have no such thing.
  const isTyped = control.defaultValue !== undefined && control.value !== control.defaultValue;
  return isTyped || control.checked !== control.defaultChecked;
};

// The form names where its preview comes from and where it goes.
const form = document.querySelector("form[data-preview]");
if (form) {
  const place = document.getElementById(form.dataset.previewIn);
  let wait, running;
  const tell = (text) => {
    place.textContent = text;
    say(text);
  };
  const refresh = async () => {
    running?.abort();
    const { signal } = (running = new AbortController());
    place.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.preview, { method: "POST", body, signal });
      const html = await answer.text();
      if (answer.redirected) tell("You are signed out. Sign in again, then open this form again.");
      else if (answer.status === 403) tell("This form is of another session. Load the page again.");
      else if (!answer.ok) tell("There is no preview now. Change something to try again.");
      else {
        place.innerHTML = html;
        // What is wrong, or else how many tools there are.
        say(place.querySelector(".notice.bad, .summary")?.textContent ?? "");
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      tell("The server does not answer. Change something to try again.");
    }
    place.removeAttribute("aria-busy");
  };
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(refresh, 150);
  });
  // After "Back" or a reload a browser may fill in what was there before, of which the preview knows nothing.
  addEventListener("pageshow", (event) => {
    if (event.persisted || [...form.elements].some(differs)) refresh();
  });
}

(document.getElementById("problems") ?? document.getElementById("result"))?.focus();
