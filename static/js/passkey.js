// Passkeys: asks the server what to sign, asks the device, and sends the answer as an ordinary form.
// Forms with data-passkey stay hidden where the browser knows no passkeys.
"use strict";
(function () {
  if (!window.PublicKeyCredential) return;

  function toBytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (one) { return one.charCodeAt(0); });
  }

  function toText(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function readable(options) {
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    ["allowCredentials", "excludeCredentials"].forEach(function (list) {
      (options[list] || []).forEach(function (one) { one.id = toBytes(one.id); });
    });
    return options;
  }

  function answer(credential) {
    var given = credential.response, response = { clientDataJSON: toText(given.clientDataJSON) };
    if (given.attestationObject) {
      response.attestationObject = toText(given.attestationObject);
      response.transports = given.getTransports ? given.getTransports() : [];
    } else {
      response.authenticatorData = toText(given.authenticatorData);
      response.signature = toText(given.signature);
      if (given.userHandle) response.userHandle = toText(given.userHandle);
    }
    return JSON.stringify({
      id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: response,
      clientExtensionResults: credential.getClientExtensionResults()
    });
  }

  function ask(form) {
    var creates = form.dataset.passkey === "create", body = new URLSearchParams();
    body.set("csrf_token", form.elements.csrf_token.value);
    if (creates) body.set("new", "1");
    return fetch(form.dataset.options, { method: "POST", body: body, credentials: "same-origin" })
      .then(function (response) {
        if (!response.ok) throw new Error("options");
        return response.json();
      })
      .then(function (options) {
        var what = { publicKey: readable(options) };
        return creates ? navigator.credentials.create(what) : navigator.credentials.get(what);
      });
  }

  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      if (form.elements.credential.value) return;
      event.preventDefault();
      ask(form).then(function (credential) {
        form.elements.credential.value = answer(credential);
        form.submit();
      }).catch(function () {
        form.querySelector("[data-passkey-problem]").textContent = form.dataset.failed;
      });
    });
  });
})();
