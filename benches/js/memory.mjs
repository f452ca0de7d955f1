// How much memory the wasm has taken. The package does not say, so its instances are watched as they are made:
// import this before the package.

const memories = [];
const { Instance } = WebAssembly;

WebAssembly.Instance = new Proxy(Instance, {
  construct(target, args) {
    const instance = Reflect.construct(target, args);
    if (instance.exports.memory && instance.exports.classify) memories.push(instance.exports.memory);
    return instance;
  },
});

/** Bytes of the newest instance. */
export const wasmMemory = () => memories.at(-1)?.buffer.byteLength ?? 0;
