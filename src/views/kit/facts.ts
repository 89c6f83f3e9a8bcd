/** Named facts, each as long as it is: the view wraps them. */
export type Facts = readonly (readonly [name: string, value: string])[];

/** One row of a pane in full. */
export type Detail = {readonly title: string; readonly facts: Facts};
