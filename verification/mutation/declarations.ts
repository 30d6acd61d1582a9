import * as ts from 'typescript';

/** A named part of a source file: a function, a constant, or a member of a class. */
interface Declaration {
  /** Such as `nameOf`, `LIMIT`, `Deadline.within` or `Deadline.constructor`. */
  readonly name: string;
  /** The offsets of its text. */
  readonly start: number;
  readonly end: number;
}

/** Lists the declarations at the top of a source file. */
export function declarationsOf(source: string): Declaration[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest);
  const declared = (node: ts.Node, name: string): Declaration => ({ name, start: node.getStart(file), end: node.end });
  return file.statements.flatMap(statement => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(declaration => declared(declaration, declaration.name.getText(file)));
    }
    if (ts.isClassDeclaration(statement)) {
      return statement.members.map(member => declared(member, `${statement.name?.text}.${member.name?.getText(file) ?? 'constructor'}`));
    }
    return ts.isFunctionDeclaration(statement) && statement.name ? [declared(statement, statement.name.text)] : [];
  });
}
