import {
  type Function as AnyFunction,
  type ArrowFunctionExpression,
  type Node,
  visitorKeys,
} from 'oxc-parser';

/** A node where it stands in the tree. */
export interface Place<N extends Node = Node> {
  readonly node: N;
  readonly parent: Place | undefined;
  /** The innermost function around it, `undefined` at the top level. */
  readonly fn: AnyFunction | ArrowFunctionExpression | undefined;
}

/** Every node of the tree, each after those that it holds. */
export function placesFromLeaves(root: Node): Place[] {
  const places: Place[] = [];
  const pending: Place[] = [{ node: root, parent: undefined, fn: undefined }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { node } = place;
    places.push(place);
    const fn = isFunction(node) ? node : place.fn;
    for (const key of visitorKeys[node.type] ?? []) {
      // Reason for the cast: the keys of a node's type are those under which it has others.
      const child = (node as unknown as Record<string, Node | null | readonly (Node | null)[]>)[key];
      for (const each of Array.isArray(child) ? child : [child])
        if (each) pending.push({ node: each, parent: place, fn });
    }
  }
  return places.reverse();
}

export function isFunction(node: Node): node is AnyFunction | ArrowFunctionExpression {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** Narrows a place to nodes of one type. */
export function isAt<T extends Node['type']>(
  place: Place,
  type: T,
): place is Place<Extract<Node, { type: T }>> {
  return place.node.type === type;
}
