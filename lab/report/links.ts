/** Links in a report. Readings write them from the root of the repository, since they do not know where a report lies. */

/** Where, from the page, the folders are that it names: paths that begin with a dot, and do not end with a slash. */
export interface Links {
  readonly root: string;
  readonly plots: string;
  readonly results: string;
}

/** The text with its links as the page needs them; those with a scheme, and those within the page, stay. */
export function rebased(markdown: string, root: string): string {
  return markdown.replaceAll(/\]\((?![a-z]+:|#|\.)([^)\s]+)\)/g, (_, target) => `](${root}/${target})`);
}

export function rebasedHtml(html: string, root: string): string {
  return html.replaceAll(/ href="(?![a-z]+:|#|\.)/g, ` href="${root}/`);
}
