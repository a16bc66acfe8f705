// What GOV.UK Frontend adds to pages that already work without it. Everything here is optional.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { CharacterCount } from "govuk-frontend/dist/govuk/components/character-count/character-count.mjs";
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";

// ARIA does not allow aria-expanded on a radio or a checkbox (axe: aria-allowed-attr), and screen
// readers disagree on what to say of it. What is revealed follows its option in reading order.
const withoutExpanded = (Choices) =>
  class extends Choices {
    static moduleName = Choices.moduleName;

    syncConditionalRevealWithInputState($input) {
      super.syncConditionalRevealWithInputState($input);
      $input.removeAttribute("aria-expanded");
    }
  };

const COMPONENTS = [
  Button,
  CharacterCount,
  withoutExpanded(Checkboxes),
  ErrorSummary,
  ExitThisPage,
  withoutExpanded(Radios),
  SkipLink,
];

const start = (Component) => {
  document.querySelectorAll(`[data-module="${Component.moduleName}"]`).forEach(($element) => {
    try {
      new Component($element);
    } catch (error) {
      // One broken component must not stop the rest: the page works without any of them.
      console.error(error.name, Component.moduleName);
    }
  });
};

if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  COMPONENTS.forEach(start);
}
