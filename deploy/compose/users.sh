#!/bin/bash
# The database's two users: one with DDL, one whose rights on each table `erp migrate` grants.
set -eu
mariadb -uroot -p"$MARIADB_ROOT_PASSWORD" <<SQL
CREATE DATABASE daifuku CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_as_ci;
CREATE USER daifuku_migrate@'%' IDENTIFIED BY '$MIGRATE_PASSWORD';
CREATE USER daifuku@'%' IDENTIFIED BY '$RUNTIME_PASSWORD';
GRANT ALL PRIVILEGES ON daifuku.* TO daifuku_migrate@'%' WITH GRANT OPTION;
SQL
