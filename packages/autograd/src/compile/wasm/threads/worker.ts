/** The script of a worker of a page. Node gets the same as text (host.ts), since it may not load this file. */

interface Scope {
  onmessage: ((event: { readonly data: Start }) => void) | null
  close(): void
  readonly WebAssembly: {
    readonly Module: { imports(module: object): readonly { readonly name: string }[] }
    readonly Instance: new (module: object, imports: unknown) => { readonly exports: { work(thread: number): void } }
  }
}

/** What a worker begins with. */
export interface Start {
  readonly module: object
  readonly memory: object
  readonly thread: number
}

const scope = globalThis as unknown as Scope

scope.onmessage = ({ data: { module, memory, thread } }) => {
  const { Module, Instance } = scope.WebAssembly
  // Functions of the host are never called here, but have to be there.
  const env = Object.fromEntries(Module.imports(module).map(({ name }) => [name, () => 0]))
  new Instance(module, { env: { ...env, memory } }).exports.work(thread)
  scope.close()
}
