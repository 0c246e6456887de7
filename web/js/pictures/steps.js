// Steps of a message, found wherever they lie. No DOM here.

function find(nodes, kind) {
  for (const node of nodes) {
    const found = node.event.kind === kind ? node : find(node.children, kind);
    if (found) return found;
  }
  return null;
}

// The facts of the first step of that kind in a group; null without one.
export const factsOf = (message, group, kind) => find(message.stepsOf(group), kind)?.event.data ?? null;
