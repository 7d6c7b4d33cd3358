// A browser's storage for tests; two outboxes on one of these are two tabs.
export class Storage {
  constructor(most = Infinity) {
    this.map = new Map();
    this.most = most;
  }

  get length() {
    return this.map.size;
  }

  key(place) {
    return [...this.map.keys()][place] ?? null;
  }

  getItem(key) {
    return this.map.get(key) ?? null;
  }

  removeItem(key) {
    this.map.delete(key);
  }

  setItem(key, value) {
    if (value.length > this.most) throw new Error("full");
    this.map.set(key, value);
  }
}
