/** A component type that names a module. */
export interface ModuleType {
  /** The module to import, as the configuration writes it: `./x.mjs`, `/abs/x.mjs`, `file:///x.mjs`, `a-package`. */
  readonly specifier: string;
  /** The name of the exported factory. */
  readonly exportName: string;
}

/**
 * Parses a component type that names a module: a path (`./x.mjs`, `../x.mjs`, `/abs/x.mjs`), a URL (`file:///x.mjs`), a
 * scoped package (`@me/x`), or any module with an export after `#` (`a-package#codebook`). Without `#` the export is the
 * default export.
 *
 * @returns undefined if the type is a registered name
 */
export function parseModuleType(type: string): ModuleType | undefined {
  const [, specifier = type, exportName] = /^(.+)#([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u.exec(type) ?? [];
  if (exportName !== undefined) return { specifier, exportName };
  return /^(\.{0,2}\/|[a-z][a-z0-9+.-]*:|@)/i.test(type) ? { specifier, exportName: 'default' } : undefined;
}

/**
 * The prefix of a component's parameters in its parent's tree: a registered type itself; for a module the name of the
 * export, or, for a default export, the file name without its extension.
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
