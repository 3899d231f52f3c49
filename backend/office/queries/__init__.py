"""What the pages read: joins of the apps below, always cut to what the person may know of."""
