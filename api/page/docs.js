// Draws the API's documentation from /openapi.json, as text only.
"use strict";

const byId = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function resolve(schema, all) {
  return schema?.$ref ? all.components.schemas[schema.$ref.split("/").pop()] : schema;
}

function typeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.filter((one) => one.type !== "null").map(typeOf).join(" or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type === "array") return `list of ${typeOf(schema.items)}`;
  return schema.type ?? "";
}

function about(schema, more) {
  const parts = [`${typeOf(schema)}.`, more ?? schema.description ?? ""];
  const bounds = [schema.minimum, schema.maximum];
  if (bounds.every((one) => one !== undefined)) parts.push(`From ${bounds[0]} to ${bounds[1]}.`);
  const plain = schema.default !== undefined && schema.default !== null && typeof schema.default !== "object";
  if (plain) parts.push(`Default ${schema.default}.`);
  return prose(parts.filter(Boolean).join(" "));
}

// Text with `code` in it.
function prose(text) {
  return text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));
}

function rows(entries) {
  return make("dl", {}, ...entries.flatMap(([name, text]) => [make("dt", {}, name), make("dd", {}, ...[text].flat())]));
}

function operation(path, method, one, all) {
  const box = make("section", {}, make("h2", {}, make("b", {}, method.toUpperCase()), path), make("p", {}, ...prose(one.description ?? one.summary)));
  const parameters = (one.parameters ?? []).map((p) => [p.name + (p.required ? " *" : ""), about(p.schema, p.description)]);
  const body = one.requestBody && resolve(one.requestBody.content["application/json"].schema, all);
  if (parameters.length) box.append(make("h3", {}, "Parameters"), rows(parameters));
  if (body) {
    const fields = Object.entries(body.properties).map(([name, s]) => [name + (body.required?.includes(name) ? " *" : ""), about(s)]);
    box.append(make("h3", {}, "JSON body"), rows(fields));
  }
  box.append(make("h3", {}, "Answers"), rows(Object.entries(one.responses).map(([status, r]) => [status, answer(r)])));
  return box;
}

function answer(response) {
  const schema = response.content?.["application/json"]?.schema;
  return prose(schema ? typeOf(schema) : response.description);
}

function shape(name, schema) {
  const fields = Object.entries(schema.properties ?? {}).map(([key, one]) => [key, about(one)]);
  return make("section", {}, make("h2", { id: name }, name), make("p", {}, ...prose(schema.description ?? "")), rows(fields));
}

function problems(all) {
  const found = new Map();
  for (const methods of Object.values(all.paths)) {
    for (const one of Object.values(methods)) {
      for (const [status, response] of Object.entries(one.responses)) {
        for (const [, title, code] of response.description.matchAll(/([^;]+?) \(`(\w+)`\)/g)) found.set(code, `${status}. ${title.trim()}.`);
      }
    }
  }
  return [...found].sort().flatMap(([code, text]) => [make("dt", { id: code }, code), make("dd", {}, text)]);
}

fetch("/openapi.json")
  .then((response) => response.json())
  .then((all) => {
    byId("about").append(...prose(all.info.description));
    for (const [path, methods] of Object.entries(all.paths)) {
      for (const [method, one] of Object.entries(methods)) byId("paths").append(operation(path, method, one, all));
    }
    for (const [name, schema] of Object.entries(all.components.schemas)) byId("paths").append(shape(name, schema));
    byId("problems").append(...problems(all));
    if (location.hash) byId(location.hash.slice(1))?.scrollIntoView();
  })
  .catch(() => {
    byId("about").textContent = "openapi.json cannot be read from the server.";
  });
