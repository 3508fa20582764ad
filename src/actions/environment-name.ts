/** What an environment may be called: it is the name of a file of Terraform's, of a workspace and of GitHub's environment. */
export const ENVIRONMENT_NAME = /^[A-Za-z0-9][\w.-]*$/;
export const NO_ENVIRONMENT = 'not the name of an environment: letters, digits, ., _ and -';
