// Finds public names without a docstring.
import { dirname, sep } from 'node:path';

import ts from 'typescript';

const options = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};
const host = ts.createCompilerHost(options);
const files = new Map();
/** Parses each file once for all packages, because most of them share libraries. */
const cachingHost = {
  ...host,
  getSourceFile: (name, ...rest) => {
    if (!files.has(name)) files.set(name, host.getSourceFile(name, ...rest));
    return files.get(name);
  },
};

/**
 * Lists the exports of declaration files, and the public members of exported classes, interfaces and object types, that lack a
 * docstring. Ignores names from other packages. A member may inherit its docstring.
 *
 * @param {string[]} entries absolute paths of the built declaration files of a package's entry points
 * @returns {string[]} such as `Dataset.size`
 */
export function undocumentedExports(entries) {
  const program = ts.createProgram(entries, options, cachingHost);
  const checker = program.getTypeChecker();
  const folders = entries.map((entry) => dirname(entry) + sep);
  const isOurs = (symbol) =>
    (symbol.declarations ?? []).some((declaration) =>
      folders.some((folder) => declaration.getSourceFile().fileName.startsWith(folder.split(sep).join('/'))),
    );
  const isDocumented = (symbol) =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== '' ||
    symbol.getJsDocTags(checker).length > 0;

  const missing = new Set();
  for (const entry of entries) {
    const file = program.getSourceFile(entry);
    const module = file && checker.getSymbolAtLocation(file);
    if (module === undefined) continue;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!isOurs(symbol)) continue;
      if (!isDocumented(symbol)) missing.add(exported.name);
      const parameters = constructorParameters(symbol);
      for (const member of publicMembers(symbol)) {
        if (!isOurs(member) || isDocumented(member) || parameters.has(member.name)) continue;
        if (!overridesForeign(symbol, member)) missing.add(`${exported.name}.${member.name}`);
      }
    }
  }
  return [...missing].sort();

  /** Parameter properties that the constructor documents: `constructor(readonly code: string)`. */
  function constructorParameters(symbol) {
    const classes = (symbol.declarations ?? []).filter(ts.isClassDeclaration);
    const constructors = classes.flatMap(({ members }) => members.filter(ts.isConstructorDeclaration));
    const tags = constructors.flatMap((declaration) => ts.getJSDocTags(declaration).filter(ts.isJSDocParameterTag));
    return new Set(tags.filter(({ comment }) => comment !== undefined).map((tag) => tag.name.getText()));
  }

  /** Whether a base type from elsewhere declares a member, such as the name of an Error. */
  function overridesForeign(symbol, member) {
    if (!(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) return false;
    return checker.getBaseTypes(checker.getDeclaredTypeOfSymbol(symbol)).some((base) => {
      const inherited = base.getProperty(member.name);
      return inherited !== undefined && !isOurs(inherited);
    });
  }

  /** Members of a class (instance and static), an interface, or a named object type. */
  function publicMembers(symbol) {
    const isPublic = (member) =>
      (member.declarations ?? []).every(
        (declaration) =>
          !(ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) &&
          !ts.isPrivateIdentifier(declaration.name ?? declaration),
      ) && !ts.isConstructorDeclaration(member.declarations?.[0] ?? {});
    const members = [...(symbol.members?.values() ?? [])];
    for (const declaration of symbol.declarations ?? []) {
      if (ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type)) {
        members.push(...checker.getTypeAtLocation(declaration.type).getProperties());
      }
      if (ts.isClassDeclaration(declaration)) {
        members.push(...[...(symbol.exports?.values() ?? [])].filter(({ name }) => name !== 'prototype'));
      }
    }
    const kinds = ts.SymbolFlags.Property | ts.SymbolFlags.Method | ts.SymbolFlags.Accessor | ts.SymbolFlags.EnumMember;
    return members.filter((member) => member.flags & kinds && isPublic(member));
  }
}
