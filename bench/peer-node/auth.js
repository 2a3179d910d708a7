/** Who calls: Firebase's ID tokens, verified with Google's keys. */
import { initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { Refusal } from "./refusal.js";

const auth = getAuth(initializeApp({ projectId: process.env.FIREBASE_PROJECT_ID }));

/** @returns the user of this token */
export async function verify(token) {
  try {
    const { uid, name = null, picture = null } = await auth.verifyIdToken(token);
    return { id: uid, name, imageUrl: picture };
  } catch {
    throw new Refusal("unauthenticated", "The token is missing, expired or not valid.");
  }
}
