"""The copyright desk: may this copy be asked for, and on which basis? ``contu`` holds the rules, ``engine`` the work."""
