/** The rules of custom views: the file's name in config/ of a checkout, and under the prefix config of the bucket. */
export const VIEWS_FILE = 'views.yml';
