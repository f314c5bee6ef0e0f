/** A component type that names a module: what to import, and which of its exports makes the component. */
export interface ModuleType {
  /** What to import, as it is written in the configuration: `./x.mjs`, `/abs/x.mjs`, `file:///x.mjs`, `a-package`. */
  readonly specifier: string;
  /** The export that is the factory. */
  readonly exportName: string;
}

/**
 * Reads a component type as the name of a module, or says that it is none (`undefined`) but a registered name.
 *
 * Modules are: paths (`./x.mjs`, `../x.mjs`, `/abs/x.mjs`), URLs (`file:///x.mjs`), scoped packages (`@me/x`), and whatever
 * names an export after a `#` (`a-package#codebook`, `./x.mjs#codebook`). Without `#` it is the default export.
 */
export function parseModuleType(type: string): ModuleType | undefined {
  const [, specifier = type, exportName] = /^(.+)#([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(type) ?? [];
  if (exportName !== undefined) return { specifier, exportName };
  return /^(\.{0,2}\/|[a-z][a-z0-9+.-]*:|@)/i.test(type) ? { specifier, exportName: 'default' } : undefined;
}

/**
 * The name under which a component's parameters stand in its parent's tree: a registered type is its own name; of a
 * module it is the export's name, or, for a default export, the file's without its ending.
 *
 * `'ladder'` -> `ladder`, `'a-package#codebook'` -> `codebook`, `'./mappings/codebook.mjs'` -> `codebook`
 */
export function componentName(type: string): string {
  const module = parseModuleType(type);
  if (module === undefined) return type;
  if (module.exportName !== 'default') return module.exportName;
  const file =
    module.specifier
      .split(/[/\\]/)
      .filter((part) => part !== '')
      .at(-1) ?? type;
  return file.replace(/[?#].*$/, '').replace(/(?<=.)\.[^.]*$/, '');
}
