package com.cove.model.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which secret of AWS Secrets Manager a variable names, and the sentences about it; none of them shows anything of the
 * secret, nor its name.
 *
 * @param variable the variable that names it, for the sentences
 * @param id an ARN, or a name in the region of {@code AWS_REGION}
 */
public record AwsSecret(String variable, String id) {
    private static final String REGION = "AWS_REGION";
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:secretsmanager:(?<region>[a-z0-9-]+):\\d{12}:secret:[A-Za-z0-9/_+=.@!-]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@!-]{1,512}");

    /** Reads the variable and notes its problems; empty where it is absent or no name of a secret. */
    public static Optional<AwsSecret> from(Environment env, String variable) {
        Optional<String> id = env.text(variable);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        AwsSecret secret = new AwsSecret(variable, id.get());
        if (secret.region().isPresent()) {
            return Optional.of(secret);
        }
        if (!NAME.matcher(secret.id).matches()) {
            env.problem(
                    variable + " must be the ARN or the name of a secret of AWS Secrets Manager, not what is in it");
            return Optional.empty();
        }
        if (env.text(REGION).isEmpty()) {
            env.problem(variable + " is a secret's name, and " + REGION
                    + " does not say where it is: set that, or give the secret's ARN");
            return Optional.empty();
        }
        return Optional.of(secret);
    }

    /** Where it is, as the ARN says, whatever region this program runs in; empty for a name. */
    public Optional<String> region() {
        Matcher arn = ARN.matcher(id);
        return arn.matches() ? Optional.of(arn.group("region")) : Optional.empty();
    }

    /** A fault of what it holds: "is not JSON". */
    public String holds(String fault) {
        return "The secret of " + variable + " " + fault;
    }

    /**
     * Why it could not be read.
     *
     * @param fault AWS's code of an error, or the simple name of the SDK's exception where AWS gave none
     */
    public String cannotBeRead(String fault) {
        return "The secret of " + variable + " cannot be read: " + reason(fault) + " (" + fault + ")";
    }

    private String reason(String fault) {
        return switch (fault) {
            case "ResourceNotFoundException" ->
                "there is no such secret in " + region().orElse("the region of " + REGION);
            case "AccessDeniedException" -> "the role of this program may not: it needs secretsmanager:GetSecretValue";
            case "DecryptionFailure" -> "its key does not decrypt it: the role of this program needs kms:Decrypt";
            case "InvalidRequestException" -> "it is about to be deleted, or has no current value";
            case "ThrottlingException", "TooManyRequestsException", "LimitExceededException" ->
                "Secrets Manager is asked too often";
            case "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "ExpiredTokenException" -> "AWS does not take the credentials of this program";
            case "InternalServiceError", "InternalServiceErrorException", "ServiceUnavailable" ->
                "Secrets Manager has a fault of its own";
            case "ApiCallTimeoutException", "ApiCallAttemptTimeoutException" -> "Secrets Manager does not answer";
            case "SdkClientException" ->
                "Secrets Manager cannot be reached, or there are no credentials to ask it with";
            default -> "Secrets Manager refused, or answered what is no answer";
        };
    }
}
