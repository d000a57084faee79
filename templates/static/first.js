// The first thing in the body, so that nothing is drawn without these classes and later wrong. GOV.UK's sheet reads them.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
