// Modules that a configuration names: Node only.
export { importFrom } from './node/import-from';
