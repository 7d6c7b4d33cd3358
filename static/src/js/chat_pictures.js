// Photos that wait for their message to be sent, kept in the browser's database: any tab can bring them,
// also after a reload. Where the browser keeps nothing they stay with the page.
const STORE = "pictures";

export class Pictures {
  constructor(me) {
    this.name = `kin-pictures-${me}`;
    this.here = new Map();
  }

  // True when every tab can find them.
  async keep(clientId, files) {
    this.here.set(clientId, files);
    try {
      await this.work("readwrite", (store) => store.put(files, clientId));
      return true;
    } catch {
      return false;
    }
  }

  async of(clientId) {
    const mine = this.here.get(clientId);
    if (mine) return mine;
    try {
      return await this.work("readonly", (store) => store.get(clientId));
    } catch {
      return undefined;
    }
  }

  async forget(clientId) {
    this.here.delete(clientId);
    try {
      await this.work("readwrite", (store) => store.delete(clientId));
    } catch {
      // What was never kept need not be forgotten.
    }
  }

  async work(mode, act) {
    const base = await this.open();
    try {
      return await new Promise((resolve, reject) => {
        const deal = base.transaction(STORE, mode);
        const request = act(deal.objectStore(STORE));
        deal.oncomplete = () => resolve(request.result);
        deal.onabort = deal.onerror = () => reject(deal.error);
      });
    } finally {
      base.close();
    }
  }

  open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}
