package com.cove.model.user;

import org.jspecify.annotations.Nullable;

/** A person as others see them; name and picture are the claims of their last token, null where it has none. */
public record UserProfile(
        UserId id, @Nullable String name, @Nullable String imageUrl) {}
