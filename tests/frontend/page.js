// As much of a page as the rows of a conversation need: elements, classes, data, and the simplest selectors.
export class Element {
  constructor(tag, properties = {}, ...children) {
    Object.assign(this, {
      tag,
      children: [],
      dataset: {},
      attributes: new Map(),
      className: "",
      textContent: "",
      parent: null,
    });
    Object.assign(this, properties);
    this.append(...children);
  }

  get classList() {
    return { contains: (name) => this.className.split(" ").includes(name) };
  }

  set action(value) {
    this.attributes.set("action", value);
  }

  set href(value) {
    this.attributes.set("href", value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  get nextSibling() {
    const around = this.parent.children;
    return around[around.indexOf(this) + 1] ?? null;
  }

  append(...nodes) {
    for (const node of nodes) this.insertBefore(node, null);
  }

  insertBefore(node, before) {
    node.remove();
    node.parent = this;
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, node);
  }

  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((one) => one !== this);
    this.parent = null;
  }

  replaceWith(node) {
    this.parent.insertBefore(node, this);
    this.remove();
  }

  contains(node) {
    return node === this || this.children.some((one) => one.contains(node));
  }

  focus() {
    globalThis.document.activeElement = this;
  }

  *all() {
    for (const child of this.children) {
      yield child;
      yield* child.all();
    }
  }

  matches(selector) {
    return selector.split(",").some((one) => {
      const steps = one.trim().split(" ");
      return this.is(steps.pop()) && steps.every((step) => this.under(step));
    });
  }

  under(step) {
    return Boolean(this.parent) && (this.parent.is(step) || this.parent.under(step));
  }

  is(simple) {
    const [, tag, marks] = /^([a-z]*)(.*)$/.exec(simple);
    return (
      (!tag || tag === this.tag) &&
      (marks.match(/\.[\w-]+|\[[^\]]+\]/g) ?? []).every((mark) => {
        if (mark.startsWith(".")) return this.classList.contains(mark.slice(1));
        const [, name, value] = /^\[data-([\w-]+)(?:="(.*)")?\]$/.exec(mark);
        const found = this.dataset[name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())];
        return found !== undefined && (value === undefined || String(found) === value);
      })
    );
  }

  querySelectorAll(selector) {
    return [...this.all()].filter((one) => one.matches(selector));
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }
}

// The globals that the code of a page looks for; answers the addresses that are fetched from now on.
export function openPage() {
  const fetched = [];
  globalThis.document = {
    activeElement: null,
    createElement: (tag) => new Element(tag),
    querySelector: () => ({ content: "token" }),
  };
  globalThis.location = { href: "/messages/c" };
  globalThis.fetch = async (address) => {
    fetched.push(address);
    return {
      ok: false,
      status: 500,
      clone() {
        return this;
      },
      headers: new Map(),
      text: async () => "",
    };
  };
  return fetched;
}
