/** What the caller is told, by the code of the contract. */
export class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export const notFound = () => new Refusal("not_found", "There is no such thread or message.");

export const STATUS = {
  unauthenticated: 401, forbidden: 403, not_found: 404, invalid_request: 400, conflict: 409, unavailable: 503, internal: 500,
};
